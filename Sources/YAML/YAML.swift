import JSON

extension Node {
    /// Reads one document of a strict subset of YAML 1.2, with the place of everything in it.
    ///
    /// Block and flow collections and all five styles of scalars are read, plain scalars by the core schema. What makes
    /// YAML hard to foresee is refused: anchors, aliases, tags, merge keys, directives, further documents, keys that
    /// are no text or span lines, tabs as indentation. What is read means here what it means to every reader of YAML
    /// 1.2, but that keys and numbers in unusual notation (`0123`, `0x1F`) are strings as they are written.
    ///
    /// Repeated keys are kept, a value left out is null, and so is a document without content.
    ///
    /// - Throws: where the text is no YAML, or none of this subset, with the place and what to write instead.
    public static func parse(yaml bytes: [UInt8]) throws(SyntaxError) -> Node {
        try Cursor.check(bytes)
        var parser = Parser(Cursor(bytes))
        return try parser.document()
    }
}
