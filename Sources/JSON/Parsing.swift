/// Builds plain values; a repeated key is an error.
private enum PlainBuilder: TreeBuilder {
    static func scalar(_ value: JSON, at offset: Int) -> JSON { value }
    static func array(_ elements: [JSON], at offset: Int) -> JSON { .array(elements) }

    static func object(
        _ members: [(key: String, keyOffset: Int, value: JSON)], at offset: Int
    ) throws(SyntaxError) -> JSON {
        var seen = Set<String>(minimumCapacity: members.count)
        for member in members where !seen.insert(member.key).inserted {
            throw SyntaxError(at: member.keyOffset, "the key \"\(member.key)\" is listed twice")
        }
        return .object(JSONObject(unchecked: members.map { JSONObject.Member($0.key, $0.value) }))
    }
}

/// Builds nodes that remember their places, repeated keys included.
private enum NodeBuilder: TreeBuilder {
    static func scalar(_ value: JSON, at offset: Int) -> Node {
        if case .string(let string) = value { return Node(.string(string), at: offset) }
        return Node(.scalar(value), at: offset)
    }

    static func array(_ elements: [Node], at offset: Int) -> Node { Node(.array(elements), at: offset) }

    static func object(
        _ members: [(key: String, keyOffset: Int, value: Node)], at offset: Int
    ) throws(SyntaxError) -> Node {
        Node(.object(members.map { Node.Member(key: $0.key, keyOffset: $0.keyOffset, value: $0.value) }), at: offset)
    }
}

extension JSON {
    /// Reads one strict JSON value.
    public static func parse(_ bytes: [UInt8]) throws(SyntaxError) -> JSON {
        try build(PlainBuilder.self, bytes)
    }

    public static func parse(_ text: String) throws(SyntaxError) -> JSON {
        try parse(Array(text.utf8))
    }
}

extension Node {
    /// Reads one strict JSON value with the place of everything in it.
    public static func parse(_ bytes: [UInt8]) throws(SyntaxError) -> Node {
        try build(NodeBuilder.self, bytes)
    }
}

private func build<Builder: TreeBuilder>(
    _ builder: Builder.Type, _ bytes: [UInt8]
) throws(SyntaxError) -> Builder.Tree {
    try bytes.withUnsafeBufferPointer { (buffer) throws(SyntaxError) in
        var parser = JSONParser<Builder>(buffer)
        return try parser.document()
    }
}
