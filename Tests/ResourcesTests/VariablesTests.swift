import Testing

@testable import Manifest
@testable import Resources

@Suite("A variable in a manifest")
struct VariablesTests {
    private static let fields = [
        "\"cluster\": \"${X:N}\"", "\"region\": \"${X:N}\"", "\"schema\": {\"database\": \"${X:N}\"}",
        "\"schema\": {\"database\": \"d\", \"version\": \"${X:N}\"}",
        "\"schema\": {\"database\": \"d\", \"order\": \"${X:N}\"}",
        "\"schema\": {\"database\": \"d\", \"version\": \"1\", \"after\": {\"version\": \"${X:N}\"}}",
        "\"schema\": {\"database\": \"d\", \"migrate\": {\"taskRoleArn\": \"${X:N}\"}}",
        "\"schema\": {\"database\": \"d\", \"migrate\": {\"service\": \"${X:N}\"}}",
        "\"schema\": {\"database\": \"d\", \"migrate\": {\"timeout\": \"${X:N}\"}}",
        "\"schema\": {\"database\": \"d\", \"migrate\": {\"runner\": \"lambda\", \"function\": \"${X:N}\"}}",
        "\"schema\": {\"database\": \"d\", \"probe\": {\"command\": [\"x\"], \"pattern\": \"${X:N}\"}}",
        "\"taskDefinition\": {\"base\": \"${X:N}\"}", "\"services\": [{\"name\": \"${X:N}\"}]",
        "\"services\": [{\"name\": \"a\", \"desiredCount\": \"${X:N}\"}]",
    ]

    @Test("is never shown by its value in what is wrong with a field", arguments: fields, ["env", "var"])
    func hidden(field: String, kind: String) {
        let secret = "wJalr/XUt nFEMI:K7"
        let base = ["\"apiVersion\": \"reconcile/v1\"", "\"environment\": \"e\""]
        let rest = ["\"image\": {\"repository\": \"r\", \"tag\": \"t\"}"]
        let services = field.contains("services") ? [] : ["\"services\": [{\"name\": \"web\"}]"]
        let text =
            "{" + (base + rest + services + [field.replacing("X:", with: kind + ":")]).joined(separator: ",") + "}"
        do {
            _ = try ManifestTests.load(text, variables: ["N": secret], environment: ["N": secret])
            Issue.record("\(field) is taken")
        } catch {
            let said = "\(error)"
            #expect(!said.contains("wJalr") && !said.contains("FEMI"), "\(said)")
        }
    }

    @Test(
        "does not read what is named like a credential",
        arguments: [
            "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "ACTIONS_RUNTIME_URL", "GITHUB_TOKEN", "gh_token",
            "DB_PASSWORD", "MY_SECRET_NAME", "PGPASSWORD", "PGPASSFILE", "MYSQL_PWD", "DEPLOY_APIKEY", "KEY_PASSPHRASE",
            "CI_JOB_JWT", "GOOGLE_CREDENTIALS", "PRIVATE_SSH_KEY", "AWS_ACCESS_KEY_ID",
        ])
    func guarded(name: String) throws {
        let environment = [name: "value-of-it"]
        #expect(throws: Variables.Unresolved.self) {
            try Variables(environment: environment, variables: [:]).resolve("a ${env:\(name):-x}")
        }
        let allowed = Variables(environment: environment, variables: [:], allowed: [name])
        #expect(try allowed.resolve("a ${env:\(name)}") == "a value-of-it")
    }

    @Test(
        "reads what is not", arguments: ["AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE", "AWS_ACCOUNT_ID", "STAGE"])
    func open(name: String) throws {
        #expect(try Variables(environment: [name: "v"], variables: [:]).resolve("${env:\(name)}") == "v")
    }
}
