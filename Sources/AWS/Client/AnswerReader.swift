import JSON

/// Reads the members that an answer must have; what is missing is an error that names it, never a default.
struct AnswerReader {
    let operation: String

    func string(_ key: String, of json: JSON, _ what: String) throws(AWSError) -> String {
        guard let string = json[key]?.string, !string.isEmpty else { throw missing(key, what) }
        return string
    }

    func object(_ key: String, of json: JSON) throws(AWSError) -> JSON {
        guard let value = json[key], value.object != nil else { throw missing(key, "the answer") }
        return value
    }

    private func missing(_ key: String, _ what: String) -> AWSError {
        AWSError(operation: operation, kind: .malformed, message: "\(what) has no \(key)")
    }
}
