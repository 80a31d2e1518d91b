import JSON

/// Members of a definition that mean the same when they are left out.
enum DefaultMembers {
    /// Takes defaults from an object that is a member, and the object with its last member.
    ///
    /// - Parameter keepsEmpty: whether the object means something without members.
    static func remove(
        _ defaults: [(String, JSON)], from json: inout JSON, _ key: String, keepsEmpty: Bool = false
    ) {
        guard var object = json[key]?.object else { return }
        for (member, value) in defaults where object[member] == value { object[member] = nil }
        json[key] = object.isEmpty && !keepsEmpty ? nil : .object(object)
    }
}
