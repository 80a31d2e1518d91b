/// A cluster as a caller names it: by its name, or by its ARN.
public struct ClusterName: Sendable {
    private let text: String

    public init(_ text: String) { self.text = text }

    /// Whether an ARN is this cluster's.
    public func names(_ arn: String) -> Bool {
        text.hasPrefix("arn:") ? text == arn : arn.split(separator: "/").last.map(String.init) == text
    }

    /// Whether a task may be in this cluster, by its ARN: `…:task/CLUSTER/ID`. The older form `…:task/ID` names none.
    /// (ECS Developer Guide, "Amazon Resource Names (ARNs) and IDs".)
    public func mayHave(task arn: String) -> Bool {
        let parts = arn.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].hasSuffix("task") else { return true }
        return names("\(parts[0].dropLast(4))cluster/\(parts[1])")
    }

    func mayHave(_ task: ECSTask) -> Bool {
        mayHave(task: task.arn) && task.clusterARN.map(names) ?? true
    }
}
