import AWS
import Base
import JSON
import Manifest

/// What a task needs to start: its roles, its secrets and its log group.
extension Preflight {
    func roles(_ definitions: [CurrentDefinition]) async -> [Finding] {
        var roles = Set(
            definitions.flatMap { definition in
                ["executionRoleArn", "taskRoleArn"].compactMap { definition.content.json[$0]?.string }
            })
        if case .ecsTask? = manifest.schema?.migrate.runner, let role = manifest.schema?.migrate.taskRoleARN {
            roles.insert(role)
        }
        var findings: [Finding] = []
        for role in roles.sorted(by: { $0.precedes($1) }) { findings.append(await self.role(role)) }
        return findings
    }

    /// - Parameter reference: as the definition has it: an ARN, or a name.
    private func role(_ reference: String) async -> Finding {
        let name = reference.split(separator: "/").last.map(String.init) ?? reference
        let subject = "role/\(name)"
        let parts = reference.split(separator: ":", omittingEmptySubsequences: false)
        if parts.count > 4, let account = identity?.account, parts[4] != account {
            return .unchecked(subject, "\(reference) is in another account than the credentials")
        }
        do {
            guard let role = try await clients.iam.trust(of: name) else {
                return .failure(subject, "there is no such role", remedy: "create it, or correct the task definition")
            }
            guard !reference.hasPrefix("arn:") || role.arn == reference else {
                return .failure(
                    subject, "there is no \(reference): the role of this name is \(role.arn)",
                    remedy: "write its whole ARN in the task definition")
            }
            guard TaskTrust(role.policy).holds(in: identity?.account) else {
                return .failure(
                    subject, "tasks may not assume it",
                    remedy:
                        "allow sts:AssumeRole to the service ecs-tasks.amazonaws.com in its trust policy, and check its "
                        + "conditions and what it denies")
            }
            return .good(subject, "it exists, and tasks may assume it")
        } catch {
            return .unknown(subject, error)
        }
    }

    func logs(_ definitions: [CurrentDefinition]) async -> [Finding] {
        var findings: [Finding] = []
        var seen: Set<String> = []
        for definition in definitions {
            for container in definition.content.containers {
                let name = container["name"]?.string ?? ""
                let isOwn = name == definition.own.name
                guard let log = LogDestination(container["logConfiguration"], container: name) else {
                    if isOwn, manifest.schema != nil { findings.append(Self.unread(definition, name)) }
                    continue
                }
                let makesGroup = container["logConfiguration"]?["options"]?["awslogs-create-group"]?.string == "true"
                if seen.insert("\(log.group) \(log.region ?? "")").inserted, !makesGroup {
                    findings.append(await group(log))
                }
                if isOwn, manifest.schema != nil, !log.isBlocking {
                    findings.append(
                        .warning(
                            definition.name, "the log of \(name) may lose lines (mode non-blocking)",
                            remedy: "set the log option mode to blocking in the container that migrates"))
                }
            }
        }
        return findings
    }

    private static func unread(_ definition: CurrentDefinition, _ container: String) -> Finding {
        .warning(
            definition.name,
            "the log of \(container) cannot be read: it does not go to CloudWatch Logs with a stream prefix",
            remedy:
                "use the log driver awslogs with awslogs-group and awslogs-stream-prefix in the container that migrates"
        )
    }

    private func group(_ log: LogDestination) async -> Finding {
        let subject = "log group \(log.group)"
        do {
            if try await clients.logs.hasGroup(log.group, region: log.region) { return .good(subject, "it exists") }
            return .failure(
                subject, "it does not exist: ECS starts no container without it",
                remedy: "aws logs create-log-group --log-group-name \(ShellWord.quoted(log.group))")
        } catch {
            return .unknown(subject, error)
        }
    }
}
