import AWS
import ArgumentParser

/// Which credentials AWS is called with.
struct CredentialOptions: ParsableArguments {
    @Option(help: "A profile of the shared AWS config and credentials files.")
    var profile: String?

    @Option(
        name: .customLong("role-arn"),
        help: ArgumentHelp(
            "A role to use: in a job of GitHub Actions with the job's own token, elsewhere with the credentials in use.",
            valueName: "arn"))
    var roleARN: String?

    @Option(
        help: ArgumentHelp("The name of the role's session, as CloudTrail shows it.", valueName: "name"))
    var roleSessionName: String?

    func validate() throws {
        if let roleARN, !(roleARN.hasPrefix("arn:") && roleARN.contains(":role/")) {
            throw ValidationError("--role-arn takes a role's ARN, such as arn:aws:iam::123456789012:role/deploy.")
        }
        // (STS API Reference, AssumeRole, RoleSessionName.)
        if let name = roleSessionName,
            !(2...64).contains(name.count)
                || !name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "_+=,.@-".contains($0)) })
        {
            throw ValidationError("--role-session-name takes 2 to 64 letters, digits and _+=,.@-")
        }
    }

    /// The shared files, with the profile in use.
    var files: SharedFiles {
        SharedFiles(
            environment: Machine.environment, profile: profile,
            isThere: { Files.isThere($0, environment: Machine.environment) },
            read: { Files.text($0, environment: Machine.environment) })
    }

    /// Where the credentials come from, as settings and files say it now.
    func search() throws(CredentialsError) -> CredentialSearch {
        try CredentialSearch(
            environment: Machine.environment, options: .init(roleARN: roleARN, roleSession: roleSessionName),
            files: files)
    }
}
