import ArgumentParser
import Base
import JSON
import Manifest
import Resources

struct PolicyCommand: AsyncParsableCommand, Bounded {
    static let configuration = CommandConfiguration(
        commandName: "policy", abstract: "Print the least IAM policy for a role that runs reconcile.",
        discussion: """
            Reads the services and their task definitions, and prints one policy for all manifests: for deploy (apply, run, \
            resolve, unlock, and what the others do), drift (drift, status, report) or plan (plan, status). Changes \
            nothing.
            """)

    @OptionGroup var arguments: ManifestArguments
    @OptionGroup var options: CommonOptions
    @OptionGroup var time: TimeLimit

    @Option(name: .customLong("role"), help: "What the role is for: deploy, drift or plan.")
    var purpose = Purpose.deploy

    @Option(help: "How the policy is written: json, or terraform for a data source.")
    var format = PolicyFormat.json

    @OptionGroup var document: DocumentOptions

    var timeLimit: Duration? { time.timeout }

    func run() async throws {
        let fleet = try await Invocation.reporting(options) { () async throws(Failure) in
            try await Fleet.load(
                arguments.manifests, options, comparesAsApplied: true,
                observe: CallCounter(verbose: options.verbose).record)
        }
        let access = fleet.access
        var policies: [Policy] = []
        for member in fleet.members {
            do throws(Failure) { policies.append(try await policy(member, access)) } catch {
                await access.close()
                FailureOutput.show(error, manifest: member.path, environment: member.environment, options)
                throw ArgumentParser.ExitCode(error.exit.rawValue)
            }
        }
        await access.close()
        let text = format.text(Policy(merging: policies), name: "reconcile_\(purpose.rawValue)")
        try await Invocation.reporting(options) { () throws(Failure) in try document.write(text) }
    }

    private func policy(_ member: Fleet.Member, _ access: SharedAccess) async throws(Failure) -> Policy {
        let manifest = try member.manifest.get()
        let session = try await Session.open(
            manifest, options, access: access, ledger: .without, emit: LookTalk.emit(manifest.environment, options))
        var bucket: BucketAddress?
        if case .bucket(let address)? = member.ledger { bucket = address }
        return try await session.assembly.policy(for: purpose, ledger: bucket)
    }
}

extension Purpose: ExpressibleByArgument {}

enum PolicyFormat: String, ExpressibleByArgument, CaseIterable {
    case json, terraform

    func text(_ policy: Policy, name: String) -> String {
        switch self {
        case .json: policy.json.pretty() + "\n"
        case .terraform: PolicyFormat.terraform(policy, name: name)
        }
    }

    /// A data source of the AWS provider. (Terraform Registry, hashicorp/aws, "aws_iam_policy_document".)
    private static func terraform(_ policy: Policy, name: String) -> String {
        let statements = policy.statements.map { statement in
            var lines = ["  statement {", "    sid = \(quoted(statement.name))"]
            lines += list("actions", statement.actions, indent: "    ")
            lines += list("resources", statement.resources, indent: "    ")
            if let condition = statement.condition {
                lines += [
                    "    condition {", "      test     = \(quoted(condition.test))",
                    "      variable = \(quoted(condition.key))",
                ]
                lines += list("values", condition.values, indent: "      ") + ["    }"]
            }
            return (lines + ["  }"]).joined(separator: "\n")
        }
        return "data \"aws_iam_policy_document\" \"\(name)\" {\n" + statements.joined(separator: "\n\n") + "\n}\n"
    }

    private static func list(_ name: String, _ values: [String], indent: String) -> [String] {
        ["\(indent)\(name) = ["] + values.map { "\(indent)  \(quoted($0))," } + ["\(indent)]"]
    }

    /// A dollar or percent sign before a brace would begin an expression.
    private static func quoted(_ text: String) -> String {
        "\""
            + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("${", with: "$${")
            .replacing("%{", with: "%%{") + "\""
    }
}
