import JSON

/// The intents of calls.
extension Shadow {
    /// Whether a call that is about to be made was announced.
    func announces(_ operation: String, _ input: JSON) -> Bool {
        switch operation {
        case "RegisterTaskDefinition":
            let digest = input["tags"]?.elements.first { $0["key"] == "reconcile:digest" }?["value"]?.string
            return announces(.register, token: digest ?? "none")
        case "InvokeFunction", "StartProcess":
            return announces(.migrate, token: input["token"]?.string ?? "none")
        case "RunTask":
            let token = input["clientToken"]?.string ?? "none"
            if Errand(words: World.words(of: input)) != nil { return announces(.run) }
            return announces(.migrate, token: token) || announces(.probe, token: token)
        case "UpdateService":
            let name = "service/\(input["service"]?.string ?? "?")"
            return announces(input["forceNewDeployment"] == true ? .restart : .update, resource: name)
                || announces(.update, resource: name)
        case "CreateService":
            return announces(.create, resource: "service/\(input["serviceName"]?.string ?? "?")")
        case "PutTargets": return announces(.update, resource: "schedule/\(input["Rule"]?.string ?? "?")")
        case "TagResource": return announces(.mark) || announces(.tag)
        default: return false
        }
    }
}
