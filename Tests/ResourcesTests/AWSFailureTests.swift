import Testing

@testable import AWS
@testable import Base
@testable import Resources

@Suite("What AWS refuses is answered with the next step")
struct AWSFailureTests {
    private static let renewed = "get new credentials, such as with aws sso login, then run the same command again"
    private static let checked = "check the credentials in use, or get new ones, then run the same command again"

    @Test(
        "a request that has expired although the clock is right was signed with expired credentials",
        arguments: [("RequestExpired", true), ("RequestExpired", false), ("RequestTimeTooSkewed", true)])
    func expired(code: String, isInTime: Bool) {
        let error = AWSError(
            operation: "ecs:RunTask", kind: .refused(code: code, status: 400), message: "Request has expired.",
            isSignedInTime: isInTime)
        let failure = Failure.aws(error, nil, "start the task")
        let isOfCredentials = isInTime && code == "RequestExpired"
        #expect(failure.isTransient == !isOfCredentials)
        #expect(failure.hint.contains(Self.renewed) == isOfCredentials, "\(failure.hint)")
        #expect(failure.summary.contains("the credentials expired") == isOfCredentials)
    }

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
            ("UnrecognizedClientException", "The security token included in the request is expired", renewed),
            ("UnrecognizedClientException", "The security token included in the request is invalid.", checked),
            ("InvalidClientTokenId", "The security token included in the request is invalid.", checked),
            ("SignatureDoesNotMatch", "The request signature we calculated does not match", checked),
            ("InvalidSignatureException", "The request signature we calculated does not match", checked),
            ("IncompleteSignature", "Authorization header requires existence of a parameter", checked),
            ("MissingAuthenticationToken", "Missing Authentication Token", checked),
            ("AuthFailure", "AWS was not able to validate the provided access credentials", checked),
            ("InvalidToken", "The provided token is malformed or otherwise invalid.", checked),
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
