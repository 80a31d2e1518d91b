import Resources

/// The command that makes a plan anew, as one would type it.
enum PlanCommandLine {
    /// - Parameters:
    ///   - path: the plan's file.
    ///   - options: those that the plan is applied with: what is not in the file has to be given to both commands.
    static func text(_ plan: PlanFile, at path: String, _ options: CommonOptions) -> String {
        let overrides = plan.overrides
        var words = ["reconcile", "plan"] + plan.members.map(\.path)
        func add(_ option: String, _ value: String?) {
            if let value { words += [option, value] }
        }
        add("--image-tag", overrides.imageTag)
        add("--image-digest", overrides.imageDigest)
        add("--schema-version", overrides.schemaVersion)
        add("--region", overrides.region)
        // Their values may be secrets.
        for variable in options.variables { add("--var", "\(variable.prefix { $0 != "=" })=VALUE") }
        for file in options.varFile { add("--var-file", file) }
        for name in options.allowEnv { add("--allow-env", name) }
        add("--ledger", options.ledger)
        add("--profile", options.profile)
        add("--endpoint-url", options.endpointURL)
        add("--sandbox", options.sandbox)
        add("--out", path)
        return words.map(quoted).joined(separator: " ")
    }

    private static func quoted(_ word: String) -> String {
        let isPlain = word.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"'\"\\$`;&|<>(){}*?[]#~!".utf8.contains($0) }
        return isPlain && !word.isEmpty ? word : "'" + word.replacing("'", with: "'\\''") + "'"
    }
}
