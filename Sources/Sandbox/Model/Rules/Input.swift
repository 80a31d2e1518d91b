import JSON

/// Reads members of a request. A missing member and null are the same; a member of a wrong type is refused, as by AWS's
/// own deserialiser.
struct Input: Sendable {
    let json: JSON

    init(_ json: JSON) { self.json = json }

    func string(_ key: String) throws(ECSFault) -> String? {
        try read(key, "String") { $0.string }
    }

    func required(_ key: String) throws(ECSFault) -> String {
        guard let text = try string(key), !text.isEmpty else {
            throw .parameter("\(key.prefix(1).uppercased())\(key.dropFirst()) can not be blank.")
        }
        return text
    }

    func integer(_ key: String) throws(ECSFault) -> Int? {
        try read(key, "Integer") { $0.integer }
    }

    func number(_ key: String) throws(ECSFault) -> Double? {
        try read(key, "Double") { $0.double }
    }

    func bool(_ key: String) throws(ECSFault) -> Bool? {
        try read(key, "Boolean") { $0.bool }
    }

    func list(_ key: String) throws(ECSFault) -> [JSON]? {
        try read(key, "List") { $0.array }
    }

    func strings(_ key: String) throws(ECSFault) -> [String]? {
        guard let list = try list(key) else { return nil }
        let texts = list.compactMap(\.string)
        guard texts.count == list.count else { throw Self.wrongType(key, "List of strings") }
        return texts
    }

    func object(_ key: String) throws(ECSFault) -> Input? {
        try read(key, "Structure") { json in json.object.map { Input(.object($0)) } }
    }

    func objects(_ key: String) throws(ECSFault) -> [Input]? {
        guard let list = try list(key) else { return nil }
        guard list.allSatisfy({ $0.object != nil }) else { throw Self.wrongType(key, "List of structures") }
        return list.map(Input.init)
    }

    private func read<Value>(_ key: String, _ type: String, _ take: (JSON) -> Value?) throws(ECSFault) -> Value? {
        guard let json = json[key], !json.isNull else { return nil }
        guard let value = take(json) else { throw Self.wrongType(key, type) }
        return value
    }

    private static func wrongType(_ key: String, _ type: String) -> ECSFault {
        ECSFault("SerializationException", "\(key) must be of type \(type)")
    }
}
