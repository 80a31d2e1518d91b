import JSON
import YAML

/// The value of a document as one line of JSON, or `line:column message` where it is refused.
func outcome(of yaml: String) -> String {
    let bytes = Array(yaml.utf8)
    do {
        return try Node.parse(yaml: bytes).json.compact
    } catch {
        return "\(Position(of: error.offset, in: bytes)) \(error.message)"
    }
}
