import JSON
import Reconciler
import YAML

/// A source that was read, for telling places in it.
struct SourceText: Sendable {
    let path: String
    let bytes: [UInt8]

    func problem(at offset: Int, _ message: String, hint: String? = nil) -> Problem {
        Problem(file: path, position: Position(of: offset, in: bytes), message: message, hint: hint)
    }

    /// Reads the text as YAML where the file's name says so, else as JSON.
    func parse() throws(SyntaxError) -> Node {
        path.hasSuffix(".yaml") || path.hasSuffix(".yml") ? try Node.parse(yaml: bytes) : try Node.parse(bytes)
    }
}

/// Collects everything that is wrong with a source, so that all of it is told at once.
final class Problems {
    let source: SourceText
    private(set) var all: [Problem] = []

    init(_ source: SourceText) { self.source = source }

    /// Nobody mends more than this at a time, and a source that is no manifest at all would have one for each of its lines.
    static let most = 100

    func add(at offset: Int, _ message: String, hint: String? = nil) {
        guard all.count < Self.most else { return }
        all.append(source.problem(at: offset, message, hint: hint))
    }

    func add(contentsOf problems: [Problem]) { all += problems }
}
