/// A value that remembers where in its source it is: what JSON and YAML manifests are both read into.
public struct Node: Sendable, Equatable {
    public indirect enum Content: Sendable, Equatable {
        /// A scalar that is no text: null, bool, integer or double.
        case scalar(JSON)
        case string(String)
        case array([Node])
        /// Members as written: a key that is listed twice is in the list twice, for the reader to report.
        case object([Member])
    }

    public struct Member: Sendable, Equatable {
        public let key: String
        public let keyOffset: Int
        public let value: Node

        public init(key: String, keyOffset: Int, value: Node) {
            self.key = key
            self.keyOffset = keyOffset
            self.value = value
        }
    }

    public let content: Content
    /// Bytes from the start of the source to the value's first byte.
    public let offset: Int

    public init(_ content: Content, at offset: Int) {
        self.content = content
        self.offset = offset
    }

    /// The value without its places. Of a repeated key the last one counts; readers report the repetition first.
    public var json: JSON {
        switch content {
        case .scalar(let json): json
        case .string(let string): .string(string)
        case .array(let nodes): .array(nodes.map(\.json))
        case .object(let members):
            .object(members.reduce(into: JSONObject()) { $0[$1.key] = $1.value.json })
        }
    }
}

/// Why a source could not be read, and where.
public struct SyntaxError: Error, Sendable, Equatable {
    public let offset: Int
    public let message: String

    public init(at offset: Int, _ message: String) {
        self.offset = offset
        self.message = message
    }
}
