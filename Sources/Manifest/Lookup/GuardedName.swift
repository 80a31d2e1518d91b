/// Names that say that what they name is a credential.
enum GuardedName {
    /// Whether its name says that a variable holds a credential. A manifest of a pull request must not read it: what it is
    /// put into may be shown.
    static func isGuarded(_ name: String) -> Bool {
        let name = name.uppercased()
        if ["AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE", "AWS_ACCOUNT_ID"].contains(name) { return false }
        return ["AWS_", "ACTIONS_"].contains { name.hasPrefix($0) }
            || [
                "TOKEN", "SECRET", "PASSWORD", "PASSWD", "PASSPHRASE", "PGPASS", "_PWD", "CREDENTIAL", "API_KEY",
                "APIKEY",
                "ACCESS_KEY", "JWT",
            ].contains { name.contains($0) }
            || name.firstRange(of: "PRIVATE").map { name[$0.upperBound...].contains("KEY") } == true
    }

    /// The same of an attribute of a Terraform resource and its members: what names a secret is not one.
    static func isGuarded(attribute names: [String], ofResource type: String) -> Bool {
        if values.contains("\(type).\(names.first ?? "")") { return true }
        if let last = names.last, ["_arn", "_id", "_name"].contains(where: last.hasSuffix) { return false }
        return names.contains(where: isGuarded)
    }

    /// Attributes that hold a secret, by a name that does not say so. Terraform marks them in the states that it writes,
    /// but old releases did not.
    private static let values: Set = [
        "random_password.result", "random_password.bcrypt_hash", "aws_ssm_parameter.value",
    ]
}
