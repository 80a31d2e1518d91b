import Base
import JSON

/// Reads a document in AWS's own shape of which no key is known: it reports repeated keys and variables without a value.
struct DocumentReader {
    let variables: Variables
    let problems: Problems

    func json(_ node: Node) -> JSON {
        switch node.content {
        case .scalar(let json): return json
        case .string(let raw): return .string(variables.resolve(raw, at: node.offset, problems) ?? raw)
        case .array(let nodes): return .array(nodes.map(json))
        case .object(let members):
            var object = JSONObject()
            for member in members {
                if object[member.key] != nil { problems.addRepeated(member) }
                object[member.key] = json(member.value)
            }
            return .object(object)
        }
    }
}
