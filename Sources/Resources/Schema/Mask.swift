/// Hides values that must not be shown in lines of a log, and makes untrusted lines safe to print.
struct Mask: Sendable {
    /// What is hidden, the longest first.
    let values: [String]

    /// - Parameter environments: values by the name of their variable. Values of up to three characters are left alone where the name
    ///   sounds harmless: hiding each `1` would make every log unreadable and protect nothing.
    init(_ environments: [String: String]...) { self.init(environments) }

    init(_ environments: [[String: String]]) {
        values =
            environments.joined()
            .filter { name, value in value.utf8.count >= (Self.soundsSecret(name) ? 1 : 4) }
            // A log is read line by line, and so a value of several lines is hidden line by line.
            .flatMap { _, value in value.split(whereSeparator: \.isNewline).map(String.init) }
            .filter { !["true", "false"].contains($0) }
            .sorted { $0.utf8.count > $1.utf8.count }
    }

    static func soundsSecret(_ name: String) -> Bool {
        ["PASS", "SECRET", "TOKEN", "KEY", "CREDENTIAL", "DSN", "URL", "AUTH", "PRIVATE"]
            .contains { name.uppercased().contains($0) }
    }

    func apply(_ line: String) -> String {
        var out = line
        for value in values where out.contains(value) { out.replace(value, with: "***") }
        return String(out.unicodeScalars.map(Self.printable).joined().prefix(2_000))
    }

    /// Escapes control characters, which could move a terminal's cursor or forge lines.
    private static func printable(_ scalar: Unicode.Scalar) -> String {
        switch scalar.value {
        case 0x09: "\t"
        case 0..<0x20, 0x7F..<0xA0, 0x200E...0x200F, 0x202A...0x202E, 0x2028...0x2029, 0x2066...0x2069:
            "\\u{\(String(scalar.value, radix: 16))}"
        default: String(scalar)
        }
    }
}
