import Base
import JSON

/// Collects everything that is wrong with a source, so that all of it is reported at once.
final class Problems {
    let source: SourceText
    private var own: [(offset: Int, message: String, hint: String?)] = []
    private var others: [Problem] = []

    init(_ source: SourceText) { self.source = source }

    /// More are not shown: a source that is not a manifest would have one on each line.
    static let most = 100

    var isEmpty: Bool { own.isEmpty && others.isEmpty }
    /// Whether what is found from here on is not reported any more, so that looking for it is in vain.
    var isFull: Bool { own.count >= Self.most }

    func add(at offset: Int, _ message: @autoclosure () -> String, hint: @autoclosure () -> String? = nil) {
        guard !isFull else { return }
        own.append((offset, message(), hint()))
    }

    /// Reports a key that is listed twice.
    func addRepeated(_ member: Node.Member) {
        add(at: member.keyOffset, "the key \(quoted(member.key)) is listed twice", hint: "keep one of the two")
    }

    func add(contentsOf problems: [Problem]) { others += problems }

    /// All of them, in the order of the source: looking their places up goes through it once.
    var all: [Problem] {
        var finder = PositionFinder(source.bytes)
        return own.sorted { $0.offset < $1.offset }.map {
            Problem(
                file: source.path, position: finder.position(of: $0.offset), message: $0.message, hint: $0.hint)
        } + others
    }
}
