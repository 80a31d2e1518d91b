import Reconciler
import Testing

@testable import AWS
@testable import Resources

@Suite("What AWS refuses is answered with the next step")
struct AWSFailureTests {
    @Test(
        "by the reason that it gives",
        arguments: [
            ("AccessDeniedException", "denied", "allow ecs:RegisterTaskDefinition to the credentials in use"),
            (
                "AccessDeniedException",
                "User: arn:aws:sts::123456789012:assumed-role/ci/1 is not authorized to perform: ecs:TagResource on resource: *",
                "allow ecs:RegisterTaskDefinition and ecs:TagResource to"
            ),
            ("AccessDeniedException", "is not authorized to perform: ", "allow ecs:RegisterTaskDefinition to"),
            ("ExpiredTokenException", "The security token included in the request is expired", "get new credentials"),
            ("ExpiredToken", "The security token included in the request is expired", "get new credentials"),
        ])
    func hints(code: String, message: String, hint: String) {
        let error = AWSError(
            operation: "ecs:RegisterTaskDefinition", kind: .refused(code: code, status: 400), message: message)
        let failure = Failure.aws(error, ResourceID("task-definition", "web"), "register web")
        #expect(failure.code == .awsDenied)
        #expect(failure.hint.contains(hint), "\(failure.hint)")
        #expect(failure.effect == .none)
    }
}
