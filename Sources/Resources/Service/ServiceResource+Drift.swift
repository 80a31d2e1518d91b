import AWS
import Reconciler

/// In what ways a service differs from what is wanted.
extension ServiceResource {
    func divergences(_ observed: Observation<State>, upstream: Outputs) -> [Divergence] {
        guard case .present(let state) = observed else { return [] }
        if state.service.isAbsent {
            let isKnown = state.past.digest != nil
            return [
                Divergence(
                    isKnown ? .world : .manifest, isKnown ? "it does not exist any more" : "it does not exist",
                    fields: creation(state, upstream).fields)
            ]
        }
        guard let inspection = state.inspection else { return [] }
        var found: [Divergence] = []
        if let divergence = revision(state, inspection, upstream) { found.append(divergence) }
        if let divergence = count(state, inspection) { found.append(divergence) }
        if let divergence = settingsDivergence(state, inspection) { found.append(divergence) }
        if let divergence = rollout(state, inspection) { found.append(divergence) }
        if let divergence = oldTasks(state) { found.append(divergence) }
        if let stale = inspection.staleImage {
            let fields = [FieldChange(path: "imageDigest", from: stale.running, to: stale.wanted)]
            found.append(Divergence(.world, "the tag points at another image than the one that runs", fields: fields))
        }
        return found
    }

    private func revision(
        _ state: State, _ inspection: ServiceInspector.Inspection, _ upstream: Outputs
    ) -> Divergence? {
        let service = state.service
        let current = RevisionARN.shortName(of: service.taskDefinition)
        guard let wanted = upstream[definition], let revision = wanted.revision else {
            // What is wanted is not registered yet: that the service is elsewhere than it was left is news all the same.
            guard let applied = inspection.applied.digest, applied != state.digest else { return nil }
            return Divergence(
                .both, "\(current) is not what was applied last, and another revision is wanted",
                fields: [FieldChange(path: "taskDefinition", from: current, to: "a new revision")],
                actor: inspection.registeredBy)
        }
        if service.taskDefinition == revision || state.says(wanted.digest) { return nil }
        let name = RevisionARN.shortName(of: revision)
        let fields = [FieldChange(path: "taskDefinition", from: current, to: name)]
        if state.digest == wanted.digest {
            return Divergence(.world, "\(current) was deregistered, and \(name) says the same", fields: fields)
        }
        if case .failed(let reason, _) = state.pending {
            return Divergence(.world, "ECS gave up \(name): \(access.ecs.secrets.hide(in: reason))", fields: fields)
        }
        let failed = service.deployments.first { $0.taskDefinition == revision && $0.rolloutState == "FAILED" }
        if failed != nil || state.past.refused.contains(wanted.digest) {
            let why = failed?.rolloutStateReason.map { ": \(access.ecs.secrets.hide(in: $0.description))" } ?? ""
            return Divergence(.world, "ECS gave up \(name)\(why)", fields: fields)
        }
        if service.taskDefinition == state.rollout.underWay {
            return Divergence(
                .manifest, "the rollout of \(current) by an earlier apply has no recorded end", fields: fields)
        }
        let moved = Mover.of(applied: inspection.applied.digest, observed: state.digest, desired: wanted.digest)
        switch moved {
        case .manifest: return Divergence(.manifest, "\(name) is not rolled out yet", fields: fields)
        case .world:
            return Divergence(
                .world, "another user moved it from \(name) to \(current)", fields: fields,
                actor: inspection.registeredBy)
        case .both:
            return Divergence(
                .both, "another user moved it to \(current), and \(name) is wanted since", fields: fields,
                actor: inspection.registeredBy)
        }
    }

    private func count(_ state: State, _ inspection: ServiceInspector.Inspection) -> Divergence? {
        guard let wanted = count(for: state), case .manifest(let bounds) = state.owner else { return nil }
        let observed = state.service.desiredCount
        let fields = [FieldChange(path: "desiredCount", from: String(observed), to: String(wanted))]
        if let bounds {
            let range = "\(bounds.lowerBound) to \(bounds.upperBound)"
            return Divergence(
                .world, "its count is outside of the bounds of auto scaling, \(range)", fields: fields)
        }
        let moved = Mover.of(applied: inspection.applied.desiredCount, observed: observed, desired: wanted)
        let reason = moved == .manifest ? "its count is not set yet" : "another user scaled it"
        return Divergence(moved, reason, fields: fields)
    }

    /// A rollout that failed where it is, or that takes longer than the manifest grants.
    private func rollout(_ state: State, _ inspection: ServiceInspector.Inspection) -> Divergence? {
        guard let primary = state.service.primary else { return nil }
        let reason =
            state.trouble.event ?? primary.rolloutStateReason.map { access.ecs.secrets.hide(in: $0.description) }
            ?? "no reason was given"
        let to = FieldChange(path: "rolloutState", from: primary.rolloutState, to: "COMPLETED")
        switch primary.rolloutState {
        case "FAILED": return Divergence(.world, "its rollout failed: \(reason)", fields: [to])
        case "IN_PROGRESS":
            guard let since = primary.createdAt, let now = inspection.now else { return nil }
            let age = Duration.seconds(now - since)
            guard age > patience(with: state.service) else { return nil }
            if case .reached = state.pending { return nil }
            if let progress = state.rollout.progress, progress.isPaused {
                return Divergence(.world, "its deployment waits for a person: \(progress.text)", fields: [to])
            }
            return Divergence(.world, "its rollout is stuck for \(age.text): \(reason)", fields: [to])
        default: return nil
        }
    }

    private func oldTasks(_ state: State) -> Divergence? {
        guard let primary = state.service.primary, primary.rolloutState == "COMPLETED" else { return nil }
        let old = state.service.deployments.filter { $0.id != primary.id && $0.runningCount > 0 }
        guard !old.isEmpty else { return nil }
        let count = old.reduce(0) { $0 + $1.runningCount }
        let names = Set(old.map { RevisionARN.shortName(of: $0.taskDefinition) }).sorted { $0.precedes($1) }
        return Divergence(
            .world, "\(count) task\(count == 1 ? "" : "s") of \(names.joined(separator: ", ")) still run",
            fields: [FieldChange(path: "tasks of older revisions", from: String(count), to: "0")])
    }
}
