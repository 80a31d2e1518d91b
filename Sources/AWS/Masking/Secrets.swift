import JSON
import Synchronization

/// The values that must not be shown, as far as this process has met them: those of all container environments that it has
/// sent or was answered with, and those that it was given.
public final class Secrets: Sendable {
    private struct State {
        var values: Set<Variable> = []
        /// Made when it is needed first, and again after new values.
        var mask: Mask?
    }

    private struct Variable: Hashable {
        let name: String
        let value: String
    }

    private let state = Mutex(State())
    private let harmless: Set<String>

    /// Of these the values are in many an ARN, and no secret.
    private static let regions: Set = ["AWS_REGION", "AWS_DEFAULT_REGION"]

    /// - Parameter harmless: names of variables whose values may be shown.
    public init(harmless: Set<String> = []) { self.harmless = harmless.union(Self.regions) }

    /// Takes the values of an environment, by the names of its variables.
    public func learn(_ environment: [String: String]) {
        let new = environment.filter { !harmless.contains($0.key) }.map { Variable(name: $0.key, value: $0.value) }
        if new.isEmpty { return }
        state.withLock { state in
            if state.values.isSuperset(of: new) { return }
            state.values.formUnion(new)
            state.mask = nil
        }
    }

    /// Takes the values of the environments in a request to ECS, or in its answer. (ECS API Reference, ContainerDefinition,
    /// ContainerOverride.)
    func learn(from json: JSON) {
        for definition in [json, json["taskDefinition"]].compactMap(\.self) {
            learn(containers: definition["containerDefinitions"])
        }
        for launch in [json] + (json["tasks"]?.elements ?? []) {
            learn(containers: launch["overrides"]?["containerOverrides"])
        }
    }

    private func learn(containers: JSON?) {
        for container in containers?.elements ?? [] {
            var environment: [String: String] = [:]
            for pair in container["environment"]?.elements ?? [] {
                guard let name = pair["name"]?.string, let value = pair["value"]?.string else { continue }
                // A name may be there twice, with a value each.
                if let other = environment.updateValue(value, forKey: name) { learn([name: other]) }
            }
            learn(environment)
        }
    }

    /// A text with all values that are known by now as `***`, and without anything that a terminal obeys.
    public func hide(in text: String) -> String {
        let mask = state.withLock { state in
            let mask = state.mask ?? Mask(state.values.map { [$0.name: $0.value] })
            state.mask = mask
            return mask
        }
        return mask.apply(text)
    }
}
