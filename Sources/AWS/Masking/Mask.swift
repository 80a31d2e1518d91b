import JSON

/// Hides values that must not be shown in lines of a log, and makes untrusted lines safe to print.
public struct Mask: Sendable {
    /// What is hidden, the longest first.
    public let values: [String]
    /// The values in all the forms in which they are found, by their first byte, the longest first.
    private let forms: [[[UInt8]]]

    /// - Parameter environments: values by the name of their variable. Values of up to three characters are left alone where the name
    ///   sounds harmless: hiding each `1` would make every log unreadable and protect nothing.
    public init(_ environments: [String: String]...) { self.init(environments) }

    /// The same, of a list of environments.
    public init(_ environments: [[String: String]]) {
        let given = environments.joined()
            .filter { name, value in !Self.isOwn(name) && value.utf8.count >= (Self.soundsSecret(name) ? 1 : 4) }
        values =
            given
            // A log is read line by line, and so a value of several lines is hidden line by line.
            .flatMap { _, value in value.split(whereSeparator: \.isNewline).map(String.init) }
            .filter { !["true", "false"].contains($0) }
            .sorted { $0.utf8.count > $1.utf8.count }
        var forms: [[[UInt8]]] = []
        for form in Set(values.flatMap(SecretForms.all) + given.flatMap { SecretForms.encoded($0.value) })
            .sorted(by: { $0.count > $1.count })
        {
            if forms.isEmpty { forms = Array(repeating: [], count: 256) }
            forms[Int(form[0])].append(form)
        }
        self.forms = forms
    }

    /// In bytes.
    private static let longestNested = 65_536

    /// Whether a variable of this name is likely to hold a credential.
    public static func soundsSecret(_ name: String) -> Bool {
        ["PASS", "SECRET", "TOKEN", "KEY", "CREDENTIAL", "DSN", "URL", "AUTH", "PRIVATE"]
            .contains { name.uppercased().contains($0) }
    }

    /// Whether a variable is one of `reconcile` itself, such as the schema's version: their values are no secrets.
    public static func isOwn(_ name: String) -> Bool { name.hasPrefix("RECONCILE_") && !soundsSecret(name) }

    /// The line as it may be shown: with `***` for each value, at most 2,000 characters.
    public func apply(_ line: String) -> String { String(hide(in: line).visible.prefix(2_000)) }

    /// By bytes: a character that combines with the last one of a value makes it another character, and not another secret.
    private func hide(in line: String) -> String {
        if forms.isEmpty { return line }
        let bytes = Array(line.utf8)
        var hidden = places(in: bytes)
        for escapes in Escapes.found(in: bytes) {
            guard let text = UnescapedText(bytes, escapes) else { continue }
            hidden += places(in: text.bytes).map(text.source)
            // JSON in a URL, a command in JSON. A line that is that long is looked through once for each kind.
            if bytes.count > Self.longestNested { continue }
            for inner in Escapes.found(in: text.bytes) {
                guard let again = UnescapedText(text.bytes, inner) else { continue }
                hidden += places(in: again.bytes).map { text.source(of: again.source(of: $0)) }
            }
        }
        if hidden.isEmpty { return line }
        var out: [UInt8] = []
        var index = 0
        for place in hidden.sorted(by: { $0.lowerBound < $1.lowerBound }) where place.upperBound > index {
            if place.lowerBound >= index {
                out += bytes[index..<place.lowerBound]
                out += "***".utf8
            }
            index = place.upperBound
        }
        return String(decoding: out + bytes[index...], as: UTF8.self)
    }

    /// Where values are, in order.
    private func places(in bytes: [UInt8]) -> [Range<Int>] {
        var places: [Range<Int>] = []
        var index = 0
        while index < bytes.count {
            let candidates = forms[Int(bytes[index])]
            if !candidates.isEmpty, let form = candidates.first(where: { bytes[index...].starts(with: $0) }) {
                places.append(index..<index + form.count)
                index += form.count
            } else {
                index += 1
            }
        }
        return bytes.contains(Escapes.unknown) ? places + guesses(in: bytes) : places
    }

    /// Where values may be, if each character that is written by a name we do not know is the right one.
    private func guesses(in bytes: [UInt8]) -> [Range<Int>] {
        values.flatMap { value in
            bytes.indices.compactMap { start in
                Self.end(of: value, in: bytes, from: start).map { start..<$0 }
            }
        }
    }

    /// - Returns: nil unless three of its characters are known, or more than are not.
    private static func end(of value: String, in bytes: [UInt8], from start: Int) -> Int? {
        var index = start
        var (known, unknown) = (0, 0)
        for character in value.unicodeScalars {
            guard index < bytes.count else { return nil }
            if bytes[index] == Escapes.unknown {
                unknown += 1
                index += 1
            } else {
                let plain = String(character).utf8
                guard bytes[index...].starts(with: plain) else { return nil }
                known += 1
                index += plain.count
            }
        }
        return known > min(2, unknown) ? index : nil
    }
}
