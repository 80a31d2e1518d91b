import Base
import JSON
import Ledger
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

    /// - Parameter isLater: whether earlier parts of the same plan were carried out just now. What they have done for this one is
    ///   not needed any more, and steps may have other reasons; each step that is needed was approved all the same.
    /// - Throws: ``Failure`` with code `plan-changed` that names what has changed since.
    func check(_ plan: Plan, of manifest: Manifest, isLater: Bool = false) throws(Failure) {
        let digest = try PlanFile.digest(of: member.path)
        let present = PlanFile.render(plan, environment: manifest.environment, manifest: member.manifest)
        let variables = PlanFile.variables(of: manifest, salt: member.manifest)
        let isSame = digest == member.manifest && variables == member.variables
        if isSame, present.canonical == member.plan.canonical { return }
        if isSame, isLater, isApproved(present, of: plan) { return }
        // What has come too late is no matter of a new approval.
        if let blocker = plan.blocker, blocker.code == .releaseSuperseded { throw blocker }
        var changes = differences(present)
        if variables != member.variables {
            let names = Set((variables?.names ?? []) + (member.variables?.names ?? [])).sorted { $0.precedes($1) }
            changes.insert("a variable has another value: \(names.joined(separator: ", "))", at: 0)
        }
        if digest != member.manifest { changes.insert("\(member.path) has other content", at: 0) }
        if changes.isEmpty { changes = ["its notes are different"] }
        throw Failure(
            .planChanged, "what was approved is not what would be done now; nothing was done",
            hint: "make a new plan and get it approved:\n\(command)", cause: changes)
    }

    /// A failure of a run that carries the plan out, with the next steps that an approval allows.
    ///
    /// - Parameter begun: how many resources the run has started to change. If that is none, or AWS has refused the first change,
    ///   the plan can be applied again. Otherwise it is used up, and what is left needs a new plan.
    func failure(_ failure: Failure, begun: Int) -> Failure {
        let ends: [ExitCode] = [.detached, .migrationFailed, .rolloutFailed, .undecided, .interrupted]
        let isUsedUp = begun > 1 || begun == 1 && ends.contains(failure.exit)
        // What was not approved is not offered.
        var hint = failure.hint.replacing(#/reconcile apply MANIFEST([^;\n]*)/#) { match in
            "reconcile plan MANIFEST\(match.output.1) --out FILE"
        }
        if isUsedUp, failure.code != .planChanged {
            hint.replace(#/[Rr]un the same command again/#) { match in
                match.output.hasPrefix("R") ? "Make a new plan" : "make a new plan"
            }
            hint += "; the plan is used up, and what is left needs a new one:\n\(command)"
        }
        return failure.with { $0.hint = hint }
    }

    /// Whether each step that changes something was approved, with all that it sends.
    private func isApproved(_ present: JSON, of plan: Plan) -> Bool {
        guard plan.blocker == nil, present["environment"] == member.plan["environment"] else { return false }
        let approved = Self.changes(member.plan)
        return zip(plan.changes, Self.changes(present)).allSatisfy { step, now in
            guard case .change = step.change.need else { return true }
            return approved.contains { change in
                ["resource", "action", "content", "values"].allSatisfy { change[$0]?.canonical == now[$0]?.canonical }
            }
        }
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

extension PlanFile {
    /// What is approved for a manifest; nil for one that it is not about.
    func part(of manifest: String) -> ApprovedPlan? {
        members.first { $0.path == manifest }.map {
            ApprovedPlan(member: $0, overrides: overrides, command: command(at: path ?? "FILE"))
        }
    }
}
