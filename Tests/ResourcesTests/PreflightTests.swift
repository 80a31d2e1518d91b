import JSON
import Testing

@testable import Resources

@Suite("A check before a release")
struct PreflightTests {
    static let tasks = #""Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole""#

    @Test(
        "takes a role that tasks may assume, and no other",
        arguments: [
            ("{\"Effect\": \"Allow\", \(tasks)}", true),
            ("[{\"Effect\": \"Allow\", \(tasks)}]", true),
            (
                #"{"Effect": "Allow", "Principal": {"Service": ["ec2.amazonaws.com", "ecs-tasks.amazonaws.com"]}, "Action": ["sts:TagSession", "sts:AssumeRole"]}"#,
                true
            ),
            (#"{"Effect": "Allow", "Principal": "*", "Action": "*"}"#, true),
            (#"{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}"#, false),
            (
                #"{"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:TagSession"}"#,
                false
            ),
            ("[{\"Effect\": \"Allow\", \(tasks)}, {\"Effect\": \"Deny\", \(tasks)}]", false),
            (
                "{\"Effect\": \"Allow\", \(tasks), \"Condition\": {\"StringEquals\": {\"aws:SourceAccount\": \"111111111111\"}}}",
                true
            ),
            (
                "{\"Effect\": \"Allow\", \(tasks), \"Condition\": {\"StringEquals\": {\"aws:SourceAccount\": \"999999999999\"}}}",
                false
            ),
            ("[]", false),
        ])
    func trust(statement: String, holds: Bool) throws {
        let policy = try JSON.parse("{\"Version\": \"2012-10-17\", \"Statement\": \(statement)}")
        #expect(TaskTrust(policy).holds(in: "111111111111") == holds)
    }

    @Test(
        "knows what a secret's reference names",
        arguments: [
            ("/app/db", "parameters /app/db - -"), ("db", "parameters db - -"),
            ("arn:aws:ssm:eu-west-1:1:parameter/app/db", "parameters /app/db eu-west-1 1"),
            ("arn:aws:ssm:eu-west-1:1:parameter/db", "parameters db eu-west-1 1"),
            (
                "arn:aws:secretsmanager:eu-west-1:1:secret:db-AbCdEf",
                "secretsManager arn:aws:secretsmanager:eu-west-1:1:secret:db-AbCdEf eu-west-1 1"
            ),
            (
                "arn:aws:secretsmanager:eu-west-1:1:secret:db-AbCdEf:key:AWSPREVIOUS:",
                "secretsManager arn:aws:secretsmanager:eu-west-1:1:secret:db-AbCdEf eu-west-1 1 AWSPREVIOUS"
            ),
        ])
    func secret(reference: String, says: String) {
        let place = SecretPlace(reference)
        let words = ["\(place.store)", place.id, place.region ?? "-", place.account ?? "-", place.stage]
        #expect(words.compactMap(\.self).joined(separator: " ") == says)
    }
}
