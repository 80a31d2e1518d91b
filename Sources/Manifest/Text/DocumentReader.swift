import Base
import JSON

/// Reads a document in AWS's own shape of which no key is known: it reports repeated keys and variables without a value.
struct DocumentReader {
    let variables: Variables
    let problems: Problems

    func json(_ node: Node) -> JSON {
        switch node.content {
        case .scalar(let json): return json
        case .string(let raw):
            do { return .string(try variables.resolve(raw)) } catch {
                problems.add(at: node.offset, error.message, hint: error.hint)
                return .string(raw)
            }
        case .array(let nodes): return .array(nodes.map(json))
        case .object(let members):
            var object = JSONObject()
            for member in members {
                if object[member.key] != nil {
                    problems.add(
                        at: member.keyOffset, "the key \(quoted(member.key)) is listed twice",
                        hint: "keep one of the two")
                }
                object[member.key] = json(member.value)
            }
            return .object(object)
        }
    }
}
