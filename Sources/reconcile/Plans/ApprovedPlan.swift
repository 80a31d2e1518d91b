import Base
import JSON
import Manifest
import Reconciler
import Resources

/// Compares what was approved with what would be done now.
struct ApprovedPlan: Sendable {
    let member: PlanFile.Member
    /// What the plan was made with.
    let overrides: Overrides
    /// What makes the plan again, as one would type it.
    let command: String

    /// - Throws: ``Failure`` with code `plan-changed` that names what has changed since.
    func check(_ plan: Plan, environment: String) throws(Failure) {
        let digest = try PlanFile.digest(of: member.path)
        let present = PlanFile.render(plan, environment: environment, manifest: member.manifest)
        if digest == member.manifest, present.canonical == member.plan.canonical { return }
        var changes = differences(present)
        if digest != member.manifest { changes.insert("\(member.path) has other content", at: 0) }
        if changes.isEmpty { changes = ["its notes are different"] }
        throw Failure(
            .planChanged, "what was approved is not what would be done now; nothing was done",
            hint: "make a new plan and get it approved:\n\(command)", cause: changes)
    }

    /// What is added to a failure after the plan was started: from then on its file is refused, and what is left needs a new one.
    func begun(_ failure: Failure) -> Failure {
        let ends: [ExitCode] = [.detached, .migrationFailed, .rolloutFailed, .undecided, .interrupted]
        guard ends.contains(failure.exit) else { return failure }
        let hint = failure.hint.replacing(#/[Rr]un the same command again/#) { match in
            match.output.hasPrefix("R") ? "Make a new plan" : "make a new plan"
        }
        // What was not approved is not offered.
        .replacing(
            "reconcile apply MANIFEST --image-tag NEW", with: "reconcile plan MANIFEST --image-tag NEW --out FILE")
        return Failure(
            failure.code, failure.summary, of: failure.resource,
            hint: "\(hint). The plan is used up, and what is left needs a new one:\n\(command)",
            cause: failure.cause,
            problems: failure.problems, effect: failure.effect, isTransient: failure.isTransient)
    }

    /// Resource by resource.
    private func differences(_ present: JSON) -> [String] {
        if present["environment"] != member.plan["environment"] {
            return ["the manifest describes another environment: \(present["environment"]?.string ?? "?")"]
        }
        let approved = Self.changes(member.plan)
        let now = Self.changes(present)
        var lines: [String] = []
        for change in approved {
            let name = change["resource"]?.string ?? "?"
            guard let other = now.first(where: { $0["resource"] == change["resource"] }) else {
                lines.append("\(name): \(Self.text(change)) was approved, and nothing is needed now")
                continue
            }
            if other.canonical == change.canonical { continue }
            if Self.text(other) != Self.text(change) {
                lines.append("\(name): approved was \(Self.text(change)), now it is \(Self.text(other))")
            } else {
                lines.append("\(name): \(Self.text(change)), with other content than was approved")
                lines += Self.differences(change["content"], other["content"])
                if change["values"] != other["values"] { lines.append("  values of its environment are different") }
            }
        }
        for change in now where !approved.contains(where: { $0["resource"] == change["resource"] }) {
            lines.append(
                "\(change["resource"]?.string ?? "?"): \(Self.text(change)) is needed now, and was not approved")
        }
        return lines
    }

    /// Member by member.
    private static func differences(_ approved: JSON?, _ now: JSON?) -> [String] {
        let keys = Set((approved?.object?.keys ?? []) + (now?.object?.keys ?? [])).sorted { $0.precedes($1) }
        return keys.filter { approved?[$0]?.canonical != now?[$0]?.canonical }.map { key in
            func text(_ json: JSON?) -> String { json.map { $0.string ?? $0.canonical } ?? "unset" }
            return "  \(key): approved was \(text(approved?[key])), now it is \(text(now?[key]))"
        }
    }

    private static func changes(_ plan: JSON) -> [JSON] { plan["changes"]?.elements ?? [] }

    private static func text(_ change: JSON) -> String {
        "\(change["action"]?.string ?? "?") (\(change["reason"]?.string ?? "?"))"
    }
}
