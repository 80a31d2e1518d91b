import AWS
import Base
import JSON
import Manifest

/// Which actions on which resources the commands need for one manifest.
///
/// Which resources and condition keys an action knows is from the Service Authorization Reference; an action that knows none is
/// allowed on `*`.
struct PolicyMaker: Sendable {
    let manifest: Manifest
    let cluster: Cluster
    let ledger: BucketAddress?
    /// The families of the task definitions.
    let families: [String]
    /// Those that the definitions name.
    let roles: [String]
    let logs: [LogDestination]
    /// Of the manifest's rules and schedules.
    var starterRoles = StarterRoles()

    private var parts: [Substring] { cluster.arn.split(separator: ":", omittingEmptySubsequences: false) }
    var partition: Substring { parts.count > 5 ? parts[1] : "aws" }
    var region: Substring { parts.count > 5 ? parts[3] : "*" }
    var account: Substring { parts.count > 5 ? parts[4] : "*" }
    private var clusterName: String { manifest.clusterName }

    func policy(for purpose: Purpose) -> Policy {
        var statements = reading + variables + (purpose == .plan ? readingSchedules : comparingStarters)
        if purpose == .deploy { statements += changing + passing + changingSchedules }
        return Policy(statements + ledger(isWritten: purpose == .deploy))
    }

    private func ecs(_ kind: String, _ rest: String) -> String {
        "arn:\(partition):ecs:\(region):\(account):\(kind)/\(rest)"
    }
    private var services: [String] { manifest.services.map { ecs("service", "\(clusterName)/\($0.name)") } }
    private var deployments: [String] {
        manifest.services.map { ecs("service-deployment", "\(clusterName)/\($0.name)/*") }
    }
    private var revisions: [String] { manifest.services.map { ecs("service-revision", "\(clusterName)/\($0.name)/*") } }
    private var definitions: [String] { families.map { ecs("task-definition", "\($0):*") } }
    private var tasks: [String] { [ecs("task", "\(clusterName)/*")] }
    private var ofCluster: Statement.Condition { .init("ArnEquals", "ecs:cluster", [cluster.arn]) }

    private var reading: [Statement] {
        var statements = [
            Statement("ReadServices", ["ecs:DescribeServices"], on: services, if: ofCluster),
            Statement("ListDeployments", ["ecs:ListServiceDeployments"], on: services),
            Statement("ReadDeployments", ["ecs:DescribeServiceDeployments"], on: deployments),
            Statement("ReadRevisions", ["ecs:DescribeServiceRevisions"], on: revisions),
            Statement("ReadDefinitions", ["ecs:DescribeTaskDefinition", "ecs:ListTaskDefinitions"], on: ["*"]),
            Statement("ReadTasks", ["ecs:DescribeTasks"], on: tasks, if: ofCluster),
            Statement("FindTasks", ["ecs:ListTasks"], on: ["*"], if: ofCluster),
        ]
        if let repository = ECRRepository(manifest.image.repository) {
            let arn = "arn:\(partition):ecr:\(repository.region):\(repository.registry):repository/\(repository.name)"
            statements.append(Statement("ReadImage", ["ecr:DescribeImages"], on: [arn]))
        }
        let streams = Set(
            logs.map {
                "arn:\(partition):logs:\($0.region ?? String(region)):\(account):log-group:\($0.group):log-stream:*"
            })
        statements.append(Statement("ReadLogs", ["logs:GetLogEvents"], on: streams.sorted { $0.precedes($1) }))
        if manifest.services.contains(where: { $0.desiredCount != nil }) {
            statements.append(
                Statement("ReadScaling", ["application-autoscaling:DescribeScalableTargets"], on: ["*"]))
        }
        return statements
    }

    /// What the variables of the manifest are read from.
    private var variables: [Statement] {
        var statements: [Statement] = []
        let names = manifest.lookups(.parameter)
        if !names.isEmpty {
            let arns = names.map {
                "arn:\(partition):ssm:\(region):\(account):parameter\($0.hasPrefix("/") ? "" : "/")\($0)"
            }
            statements.append(Statement("ReadParameters", ["ssm:GetParameters"], on: arns))
        }
        if case .object(let bucket, let key)? = manifest.state, !manifest.lookups(.state).isEmpty {
            statements.append(
                Statement("ReadState", ["s3:GetObject"], on: ["arn:\(partition):s3:::\(bucket)/\(key)"]))
        }
        return statements
    }

    private var changing: [Statement] {
        var statements = [
            Statement("Register", ["ecs:RegisterTaskDefinition"], on: ["*"]),
            Statement("Mark", ["ecs:TagResource"], on: definitions + tasks),
            Statement("UpdateServices", ["ecs:UpdateService"], on: services, if: ofCluster),
            // For `resolve` alone.
            Statement(
                "DecideDeployments", ["ecs:ContinueServiceDeployment", "ecs:StopServiceDeployment"], on: deployments),
            // The migration, the probe and the commands of `run`.
            Statement("RunTasks", ["ecs:RunTask"], on: definitions, if: ofCluster),
            Statement("StopTasks", ["ecs:StopTask"], on: tasks, if: ofCluster),
        ]
        let new = manifest.services.filter { $0.creation != nil }.map { ecs("service", "\(clusterName)/\($0.name)") }
        let tagged = manifest.services.filter { $0.creation?["tags"]?.elements.isEmpty == false }.map {
            ecs("service", "\(clusterName)/\($0.name)")
        }
        if !tagged.isEmpty { statements.append(Statement("TagServices", ["ecs:TagResource"], on: tagged)) }
        if !new.isEmpty {
            statements.append(Statement("CreateServices", ["ecs:CreateService"], on: new, if: ofCluster))
        }
        if case .lambda(let function)? = manifest.schema?.migrate.runner {
            statements.append(Statement("Migrate", ["lambda:InvokeFunction"], on: functions(function)))
        }
        return statements
    }

    /// (Lambda Developer Guide, "Identity-based IAM policies for Lambda": a qualifier is a part of the resource.)
    private func functions(_ name: String) -> [String] {
        if name.hasPrefix("arn:") { return [name] }
        let parts = name.split(separator: ":").map(String.init)
        let own = parts.firstIndex(of: "function").map { parts[($0 + 1)...] } ?? parts[...]
        return ["arn:\(partition):lambda:\(region):\(account):function:\(own.joined(separator: ":"))"]
    }

    /// A definition may name a role of its account without the ARN. (ECS API Reference, RegisterTaskDefinition, "taskRoleArn":
    /// "The short name or full Amazon Resource Name (ARN)".)
    static func arn(ofRole role: String, _ cluster: Cluster) -> String {
        let parts = cluster.arn.split(separator: ":", omittingEmptySubsequences: false)
        guard !role.hasPrefix("arn:"), parts.count > 5 else { return role }
        return "arn:\(parts[1]):iam::\(parts[4]):role/\(role)"
    }

    private var passing: [Statement] {
        var roles = roles.map { Self.arn(ofRole: $0, cluster) }
        if let role = manifest.schema?.migrate.taskRoleARN, !roles.contains(role) { roles.append(role) }
        let ofServices = Set(manifest.services.flatMap { Self.roles(in: $0.creation ?? .null) })
            .map { Self.arn(ofRole: $0, cluster) }.sorted { $0.precedes($1) }
        let passing = [
            Statement(
                "PassRoles", ["iam:PassRole"], on: roles,
                if: .init("StringEquals", "iam:PassedToService", ["ecs-tasks.amazonaws.com"]))
        ]
        if ofServices.isEmpty { return passing }
        return passing + [
            Statement(
                "PassRolesOfServices", ["iam:PassRole"], on: ofServices,
                if: .init("StringEquals", "iam:PassedToService", ["ecs.amazonaws.com"]))
        ]
    }

    /// Those that a creation hands to ECS: for Classic Load Balancers, volumes and Service Connect.
    private static func roles(in json: JSON) -> [String] {
        (json.object?.members ?? []).flatMap { member in
            ["role", "roleArn"].contains(member.key)
                ? [member.value.string].compactMap(\.self) : roles(in: member.value)
        } + (json.array ?? []).flatMap(roles)
    }

    private func ledger(isWritten: Bool) -> [Statement] {
        guard let ledger else { return [] }
        let arn = "arn:\(partition):s3:::\(ledger.bucket)"
        return [
            Statement(
                "Ledger", ["s3:GetObject"] + (isWritten ? ["s3:PutObject"] : []),
                on: ["\(arn)/\(ledger.prefix)*"]),
            // Without it S3 answers 403 for an object that does not exist.
            Statement("FindLedger", ["s3:ListBucket"], on: [arn]),
        ]
    }
}
