import JSON
import Ledger

extension Action {
    /// Let a deployment go on that waits for a person.
    public static let goOn = Action("continue")
    /// Roll a deployment back.
    public static let rollBack = Action("rollback")
}

/// What a person asks of a service deployment that is under way.
struct DeploymentRequest: Record {
    /// The ARN of the service deployment.
    let deployment: String
    /// The hook that waits for an answer; nil for a deployment that waits for none.
    let hook: String?
    let rollsBack: Bool

    init(of deployment: String, hook: String?, rollsBack: Bool) {
        self.deployment = deployment
        self.hook = hook
        self.rollsBack = rollsBack
    }

    init?(_ json: JSON) {
        guard let deployment = json["deployment"]?.string, let rollsBack = json["rollsBack"]?.bool else { return nil }
        self.init(of: deployment, hook: json["hook"]?.string, rollsBack: rollsBack)
    }

    var json: JSON { .members(["deployment": deployment, "hook": hook, "rollsBack": rollsBack]) }
}
