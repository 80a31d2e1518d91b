/// A task definition as rules, schedules and state machines name it: by its family or its ARN, with a revision or without.
struct TaskReference: Sendable, Equatable {
    let family: String
    /// nil for the newest active one at the time of each start. (ECS API Reference, RunTask, "taskDefinition".)
    let revision: Int?

    /// nil for a text that names none, such as one that is put together when it runs: nothing is concluded from it.
    init?(_ text: String) {
        var name = text[...]
        if text.hasPrefix("arn:") {
            let parts = text.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count == 2, parts[0].hasSuffix(":task-definition") else { return nil }
            name = parts[1]
        }
        let parts = name.split(separator: ":", omittingEmptySubsequences: false)
        guard let family = parts.first, !family.isEmpty, parts.count <= 2,
            family.utf8.allSatisfy(Self.isNameByte)
        else { return nil }
        var revision: Int?
        if parts.count == 2 {
            guard let number = Int(parts[1]), number > 0 else { return nil }
            revision = number
        }
        self.family = String(family)
        self.revision = revision
    }

    /// (ECS API Reference, RegisterTaskDefinition, "family": letters, digits, hyphens and underscores.)
    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    /// For people.
    var shown: String { family + (revision.map { ":\($0)" } ?? "") }

    /// Whether it always runs this revision.
    func isPinned(to arn: String) -> Bool {
        RevisionARN.family(of: arn) == family && revision == RevisionARN.number(of: arn)
    }
}
