import JSON

/// Reads the members of an answer. What must be there and is missing, and what has another type than AWS gives it, is an
/// error that names it, never a default: a default would be taken for something that AWS said.
struct AnswerReader {
    let operation: String
    /// What is hidden in texts that are shown.
    let secrets: Secrets

    func string(_ key: String, of json: JSON, _ what: String) throws(AWSError) -> String {
        guard let string = try text(key, of: json, what) else { throw missing(key, what) }
        return string
    }

    /// A text that may be left out; null and an empty text count as left out.
    func text(_ key: String, of json: JSON?, _ what: String) throws(AWSError) -> String? {
        guard let value = present(key, of: json) else { return nil }
        guard let string = value.string else { throw odd(key, what, "text") }
        return string.isEmpty ? nil : string
    }

    /// A text for people, which may hold anything.
    func untrusted(_ key: String, of json: JSON?, _ what: String) throws(AWSError) -> Untrusted? {
        try text(key, of: json, what).map { Untrusted($0, hiding: secrets) }
    }

    func integer(_ key: String, of json: JSON, _ what: String) throws(AWSError) -> Int {
        guard let integer = try number(key, of: json, what) else { throw missing(key, what) }
        return integer
    }

    /// A whole number that may be left out.
    func number(_ key: String, of json: JSON, _ what: String) throws(AWSError) -> Int? {
        guard let value = present(key, of: json) else { return nil }
        guard let integer = value.integer else { throw odd(key, what, "whole number") }
        return integer
    }

    func object(_ key: String, of json: JSON) throws(AWSError) -> JSON {
        guard let value = json[key], value.object != nil else { throw missing(key, "the answer") }
        return value
    }

    /// A list that may be left out.
    func list(_ key: String, of json: JSON, _ what: String = "the answer") throws(AWSError) -> [JSON]? {
        guard let value = present(key, of: json) else { return nil }
        guard let list = value.array else { throw odd(key, what, "list") }
        return list
    }

    /// A list of texts that must be there, though it may be empty.
    func texts(_ key: String, of json: JSON) throws(AWSError) -> [String] {
        guard let list = try list(key, of: json) else { throw missing(key, "the answer") }
        return try list.map { (element) throws(AWSError) in
            guard let text = element.string, !text.isEmpty else { throw odd(key, "the answer", "list of texts") }
            return text
        }
    }

    func tags(of json: JSON, _ what: String) throws(AWSError) -> [String: String] {
        var tags: [String: String] = [:]
        for tag in try list("tags", of: json, what) ?? [] {
            tags[try string("key", of: tag, "a tag")] = try text("value", of: tag, "a tag") ?? ""
        }
        return tags
    }

    /// - Parameter message: may quote the answer.
    func malformed(_ message: String) -> AWSError {
        AWSError(operation: operation, kind: .malformed, said: Untrusted(message, hiding: secrets))
    }

    private func present(_ key: String, of json: JSON?) -> JSON? {
        guard let value = json?[key], !value.isNull else { return nil }
        return value
    }

    private func missing(_ key: String, _ what: String) -> AWSError { malformed("\(what) has no \(key)") }

    private func odd(_ key: String, _ what: String, _ type: String) -> AWSError {
        malformed("\(key) of \(what) is not a \(type)")
    }
}

/// The little of XML that the query protocol's answers need: the text of an element that has no elements inside.
enum XML {
    static func text(of element: String, in document: String) -> String? {
        guard let open = document.firstRange(of: "<\(element)>"),
            let close = document[open.upperBound...].firstRange(of: "</\(element)>")
        else { return nil }
        return plain(document[open.upperBound..<close.lowerBound])
    }

    /// The texts of all elements of a name.
    static func texts(of element: String, in document: String) -> [String] {
        var texts: [String] = []
        var rest = document[...]
        while let open = rest.firstRange(of: "<\(element)>"),
            let close = rest[open.upperBound...].firstRange(of: "</\(element)>")
        {
            texts.append(plain(rest[open.upperBound..<close.lowerBound]))
            rest = rest[close.upperBound...]
        }
        return texts
    }

    private static func plain(_ written: Substring) -> String {
        var text = String(written)
        for (entity, character) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")] {
            text.replace(entity, with: character)
        }
        return text
    }
}
