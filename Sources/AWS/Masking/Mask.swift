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
            .filter { name, value in value.utf8.count >= (Self.soundsSecret(name) ? 1 : 4) }
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

    /// Whether a variable of this name is likely to hold a credential.
    public static func soundsSecret(_ name: String) -> Bool {
        ["PASS", "SECRET", "TOKEN", "KEY", "CREDENTIAL", "DSN", "URL", "AUTH", "PRIVATE"]
            .contains { name.uppercased().contains($0) }
    }

    /// The line as it may be shown: with `***` for each value, at most 2,000 characters.
    public func apply(_ line: String) -> String { String(hide(in: line).visible.prefix(2_000)) }

    /// By bytes: a character that combines with the last one of a value makes it another character, and not another secret.
    private func hide(in line: String) -> String {
        if forms.isEmpty { return line }
        let bytes = Array(line.utf8)
        var hidden = places(in: bytes)
        // One after the other: a line may be long.
        let marks = Escapes.marks(in: bytes)
        if marks.isEmpty && hidden.isEmpty { return line }
        for escapes in Escapes.all where !escapes.marks.isDisjoint(with: marks) {
            let text = UnescapedText(bytes, escapes)
            hidden += places(in: text.bytes).map(text.source)
            // JSON in JSON, a command in a command.
            if escapes.marks.isDisjoint(with: Escapes.marks(in: text.bytes)) { continue }
            let again = UnescapedText(text.bytes, escapes)
            hidden += places(in: again.bytes).map { text.source(of: again.source(of: $0)) }
        }
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
        return places
    }
}
