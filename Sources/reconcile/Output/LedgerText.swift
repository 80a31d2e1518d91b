import Base
import JSON
import Ledger

/// What the commands on a ledger say.
enum LedgerText {
    static func report(
        _ report: LedgerReader.Verification, of reader: LedgerReader, _ name: String
    ) -> TerminalText {
        var text: TerminalText = "\(name): the chain verifies\n"
        var times = ""
        if let first = report.first, let last = report.last { times = ", from \(first.iso8601) to \(last.iso8601)" }
        text += "  entries  \(report.entries)\(times)\n"
        text += "  epochs   \(report.epochs)\n"
        text += "  lineage  \(reader.lineage)\n"
        text += "  head     \(report.head.prefix(12))\n"
        return text
    }

    /// The first line of an export. The key of fingerprints stays where it is.
    static func meta(_ reader: LedgerReader) -> JSON {
        ["lineage": .string(reader.lineage), "format": .integer(Int(reader.format))]
    }

    static func export(_ entry: Entry, digest: String) -> JSON {
        .members([
            "sequence": Int(entry.sequence), "epoch": Int(entry.epoch), "time": entry.time.iso8601,
            "awsTime": (entry.awsTime?.iso8601).orNull, "environment": entry.environment,
            "resource": entry.resource.orNull, "kind": entry.kind.rawValue, "token": entry.token,
            "payload": entry.payload, "digest": digest,
        ])
    }

    static func copied(_ result: LedgerCopy.Result, from source: String, to target: String) -> TerminalText {
        """
        \(target): has all of \(source), verified
          entries  \(result.entries), \(result.copied) of them new
          head     \(result.head.prefix(12))

        """
    }

    /// - Parameter damage: the first object that does not verify; what later ones repeat of it is not lost.
    static func moved(
        _ result: LedgerCopy.Result, from source: String, to target: String, _ damage: Failure?
    ) -> TerminalText {
        var text: TerminalText = "\(target): has all of \(source) that verifies, \(result.entries) entries\n"
        for line in damage?.cause ?? [] { text += "  damaged there: \(line)\n" }
        return text
    }

    static func rebuilt(_ result: LedgerRebuild.Result, _ path: String) -> TerminalText {
        switch result {
        case .intact(let entries):
            return "\(path): \(count(entries)) verified, nothing was changed\n"
        case .mended(let facts, let entries):
            return "\(path): \(count(entries)) verified; derived again: the facts of \(facts.joined(separator: ", "))\n"
        case .replaced(let new):
            let lost =
                switch new.lost {
                case 0?: "none was lost"
                case let lost?: "\(count(lost)) lost"
                case nil: "how many were lost cannot be counted"
                }
            var text: TerminalText = "\(path): it was damaged; \(count(new.kept)) verified and kept, \(lost)\n"
            for line in new.cause { text += "  \(line)\n" }
            text += "  the damaged file is \(new.aside)\n"
            if new.lost == 0 { return text }
            let hint = CommandHint().fill(
                "see what the next apply does: reconcile status MANIFEST; marks in AWS tell which migrations are "
                    + "done, refused rollouts and what was under way at the damage are forgotten")
            return text + "  next: \(FailureText.hint(hint))\n"
        }
    }

    static func members(of result: LedgerRebuild.Result) -> [(String, JSON)] {
        switch result {
        case .intact(let entries): [("entries", .integer(Int(entries)))]
        case .mended(let facts, let entries): [("entries", .integer(Int(entries))), ("facts", JSON(facts))]
        case .replaced(let new):
            [
                ("entries", .integer(Int(new.kept))), ("lost", new.lost.map { .integer(Int($0)) } ?? .null),
                ("aside", .string(new.aside)), ("cause", JSON(new.cause)),
            ]
        }
    }

    static func learned(_ facts: [Fact], _ path: String) -> TerminalText {
        if facts.isEmpty { return "\(path): AWS knows nothing that it does not hold\n" }
        return "\(path): learned from AWS\n" + facts.map { "  \($0.name) \($0.value)\n" }.joined()
    }

    static func json(_ facts: [Fact]) -> JSON {
        .array(facts.map { ["name": .string($0.name), "value": .string($0.value)] })
    }

    private static func count(_ entries: Int64) -> String { entries == 1 ? "1 entry" : "\(entries) entries" }
}
