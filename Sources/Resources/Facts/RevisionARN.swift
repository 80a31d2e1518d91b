/// The parts of the ARN of a task-definition revision, `arn:PARTITION:ecs:REGION:ACCOUNT:task-definition/FAMILY:REVISION`.
enum RevisionARN {
    static func number(of arn: String) -> Int { arn.split(separator: ":").last.flatMap { Int($0) } ?? 0 }

    static func family(of arn: String) -> String {
        let name = arn.split(separator: "/").last ?? ""
        return String(name.prefix { $0 != ":" })
    }

    /// `FAMILY:REVISION`, for people.
    static func shortName(of arn: String) -> String { arn.split(separator: "/").last.map(String.init) ?? arn }

    static func region(of arn: String) -> String {
        arn.split(separator: ":", omittingEmptySubsequences: false).dropFirst(3).first.map(String.init) ?? ""
    }
}
