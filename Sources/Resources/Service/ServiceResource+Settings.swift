import AWS
import JSON
import Reconciler

/// What the manifest declares of a service besides its revision.
extension ServiceResource {
    /// In what the service is set otherwise than declared, its revision aside.
    func settings(of state: State) -> [FieldChange] {
        let count = count(for: state).map {
            FieldChange(path: "desiredCount", from: String(state.service.desiredCount), to: String($0))
        }
        return (count.map { [$0] } ?? []) + declaredFields(of: state.service)
    }

    /// The same without the count, which has owners of its own.
    func declaredFields(of service: ECSService) -> [FieldChange] {
        spec.settings.json.map { Self.differences($0, of: service) } ?? []
    }

    /// - Parameter declared: in the form in which the ledger keeps it.
    static func differences(_ declared: JSON, of service: ECSService) -> [FieldChange] {
        (declared.object?.members ?? []).flatMap { member -> [FieldChange] in
            let isNetwork = member.key == "networkConfiguration"
            let observed = isNetwork ? service.launch.networkConfiguration : service.deploymentConfiguration
            return DeclaredPart.differences(member.value, in: observed, path: member.key)
        }
    }

    /// What UpdateService has to be given so that it becomes as declared: the whole, because it is not documented what becomes
    /// of members that are left out. nil where it is as declared already.
    func configurations(for service: ECSService) -> (deployment: JSON?, network: JSON?) {
        func whole(_ declared: JSON?, _ observed: JSON?) -> JSON? {
            guard let declared, !DeclaredPart.differences(declared, in: observed, path: "").isEmpty else { return nil }
            return DeclaredPart.merge(declared, into: observed)
        }
        return (
            whole(spec.settings.deploymentConfiguration, service.deploymentConfiguration),
            whole(spec.settings.networkConfiguration, service.launch.networkConfiguration)
        )
    }

    /// Someone has set it otherwise, or the manifest asks for something new.
    func settingsDivergence(_ state: State, _ inspection: ServiceInspector.Inspection) -> Divergence? {
        let fields = declaredFields(of: state.service)
        guard !fields.isEmpty else { return nil }
        let applied = inspection.applied.settings
        let moved: Mover
        if let applied, !Self.differences(applied, of: state.service).isEmpty {
            moved = applied.canonical == spec.settings.json?.canonical ? .world : .both
        } else {
            moved = .manifest
        }
        let reason = moved == .manifest ? "it is not set as declared yet" : "another user set it otherwise"
        return Divergence(moved, reason, fields: fields)
    }
}
