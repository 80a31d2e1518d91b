import Base

/// What RegisterTaskDefinition takes: the structures of ``TaskDefinitionShapes``, read once.
public struct ShapeTable: Sendable {
    indirect enum Kind: Sendable, Equatable {
        case text
        case integer
        case number
        case bool
        /// Whatever JSON it is.
        case any
        /// One of these words.
        case words([String])
        case list(Kind)
        case map(Kind)
        case structure(String)
    }

    struct Member: Sendable {
        let key: String
        let kind: Kind
        let isRequired: Bool
    }

    static let ecs = ShapeTable(TaskDefinitionShapes.table)

    private let shapes: [String: [Member]]

    /// Members of an answer that no request may have.
    public static let serverOnly: Set = [
        "taskDefinitionArn", "revision", "status", "requiresAttributes", "compatibilities", "registeredAt",
        "registeredBy", "deregisteredAt", "deleteRequestedAt",
    ]

    init(_ text: String) {
        var words: [String] = []
        for word in text.split(whereSeparator: \.isWhitespace) {
            // A long list of words is continued after a space.
            if let last = words.last, last.hasSuffix("|") {
                words[words.count - 1] = last + word
            } else {
                words.append(String(word))
            }
        }
        var shapes: [String: [Member]] = [:]
        var name = ""
        for word in words {
            if word.hasSuffix(":") {
                name = String(word.dropLast())
                continue
            }
            let parts = word.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            let isRequired = parts[0].hasSuffix("!")
            shapes[name, default: []].append(
                Member(
                    key: String(isRequired ? parts[0].dropLast() : parts[0]), kind: Self.kind(parts[1]),
                    isRequired: isRequired))
        }
        self.shapes = shapes
    }

    private static func kind(_ text: Substring) -> Kind {
        switch text.first {
        case "[": .list(kind(text.dropFirst().dropLast()))
        case "{": .map(kind(text.dropFirst().dropLast()))
        case "=": .words(text.dropFirst().split(separator: "|").map(String.init))
        default:
            switch text {
            case "text": .text
            case "int": .integer
            case "number": .number
            case "any": .any
            case "bool": .bool
            default: .structure(String(text))
            }
        }
    }

    func members(of shape: String) -> [Member] { shapes[shape] ?? [] }

    /// Where in a definition a key may be written, such as `containerDefinitions[…]`; nil for a key that nothing has.
    func home(of key: String, below root: String = TaskDefinitionShapes.root) -> String? {
        var pending: [(shape: String, path: String)] = [(root, "")]
        var seen: Set<String> = []
        while !pending.isEmpty {
            let (shape, path) = pending.removeFirst()
            guard seen.insert(shape).inserted else { continue }
            if members(of: shape).contains(where: { $0.key == key }) {
                let document = root == TaskDefinitionShapes.service ? "services[].create" : "the task definition"
                return path.isEmpty ? "\(document) itself" : path
            }
            for member in members(of: shape) {
                let here = path.isEmpty ? member.key : "\(path).\(member.key)"
                switch member.kind {
                case .structure(let name): pending.append((name, here))
                case .list(.structure(let name)): pending.append((name, "\(here)[…]"))
                default: break
                }
            }
        }
        return nil
    }
}
