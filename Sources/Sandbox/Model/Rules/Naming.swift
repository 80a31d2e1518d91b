/// ARNs in the long format (ECS Developer Guide, "Amazon Resource Names (ARNs)").
struct Naming: Sendable, Equatable {
    let account: String
    let region: String

    private var prefix: String { "arn:aws:ecs:\(region):\(account)" }

    func cluster(_ name: String) -> String { "\(prefix):cluster/\(name)" }
    func service(_ name: String, in cluster: String) -> String { "\(prefix):service/\(cluster)/\(name)" }
    func task(_ id: String, in cluster: String) -> String { "\(prefix):task/\(cluster)/\(id)" }
    func container(_ id: String, of task: String, in cluster: String) -> String {
        "\(prefix):container/\(cluster)/\(task)/\(id)"
    }
    func definition(_ family: String, _ revision: Int) -> String {
        "\(prefix):task-definition/\(family):\(revision)"
    }
    func role(_ name: String) -> String { "arn:aws:iam::\(account):role/\(name)" }
    func rule(_ name: String, on bus: String) -> String {
        "arn:aws:events:\(region):\(account):rule/\(bus == "default" ? "" : "\(bus)/")\(name)"
    }
    func schedule(_ name: String, in group: String) -> String {
        "arn:aws:scheduler:\(region):\(account):schedule/\(group)/\(name)"
    }
    func stateMachine(_ name: String) -> String { "arn:aws:states:\(region):\(account):stateMachine:\(name)" }
    var caller: String { "arn:aws:iam::\(account):user/sandbox" }

    /// What is after the kind of an ARN, or the text itself where it is a short name. nil for an ARN of another kind,
    /// account or region.
    func shortName(_ text: String, kind: String) -> String? {
        guard text.hasPrefix("arn:") else { return text }
        let start = "\(prefix):\(kind)/"
        return text.hasPrefix(start) ? String(text.dropFirst(start.count)) : nil
    }
}
