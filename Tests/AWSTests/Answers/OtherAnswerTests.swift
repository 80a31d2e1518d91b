import AWS
import Testing

@Suite("An answer of the registry, the logs or the token service")
struct OtherAnswerTests {
    @Test(
        "has a digest, or no image, or cannot be read",
        arguments: Others.images)
    func images(body: String, outcome: String) async {
        #expect(await Operation.describeImages.outcome(Canned(body)) == outcome)
    }

    @Test("that says that there is no such image is no error; that there is no such repository is one")
    func missingImage() async {
        let image = Canned(#"{"__type":"ImageNotFoundException","message":"no v1"}"#, status: 400)
        #expect(await Operation.describeImages.outcome(image) == "no tag")
        let repository = Canned(#"{"__type":"RepositoryNotFoundException","message":"no app"}"#, status: 400)
        #expect(
            await Operation.describeImages.outcome(repository) == "refused RepositoryNotFoundException 400: no app")
    }

    @Test(
        "has lines, as far as they can be read",
        arguments: Others.logs)
    func logs(body: String, outcome: String) async {
        #expect(await Operation.getLogEvents.outcome(Canned(body)) == outcome)
    }

    @Test("that says that there is no stream yet is no error")
    func missingStream() async {
        let body = #"{"__type":"com.amazonaws.logs#ResourceNotFoundException","message":"none"}"#
        #expect(await Operation.getLogEvents.outcome(Canned(body, status: 400)) == "no stream")
    }

    @Test(
        "has the caller's ARN, or cannot be read",
        arguments: Others.identities)
    func identity(body: String, outcome: String) async {
        #expect(await Operation.getCallerIdentity.outcome(Canned(body)) == outcome)
    }

    @Test(
        "that refuses a caller is known by its code",
        arguments: [
            (
                "<ErrorResponse><Error><Code>ExpiredToken</Code><Message>too late</Message></Error></ErrorResponse>",
                403, "refused ExpiredToken 403: too late"
            ),
            (
                "<Error><Code>Throttling</Code></Error>", 400,
                "refused Throttling 400, transient: HTTP status 400 without a reason"
            ),
            ("<Error><Code></Code></Error>", 403, "foreign 403, may have had effect: " + Refusals.foreign(403)),
            (
                "<html>Bad Gateway</html>", 502,
                "foreign 502, transient, may have had effect: " + Refusals.foreign(502)
            ),
        ])
    func refusedIdentity(body: String, status: Int, outcome: String) async {
        #expect(await Operation.getCallerIdentity.outcome(Canned(body, status: status)) == outcome)
    }
}

/// Answers of the other services, each with what becomes of it.
enum Others {
    static let malformed = Written.malformed
    static let digest = "sha256:" + String(repeating: "ab", count: 32)

    static func image(_ digest: String) -> String { #"{"imageDetails":[{"imageDigest":\#(digest)}]}"# }

    static func identity(_ inside: String) -> String {
        "<GetCallerIdentityResponse><GetCallerIdentityResult>\(inside)</GetCallerIdentityResult></GetCallerIdentityResponse>"
    }

    static let images: [(String, String)] = [
        (image("\"\(digest)\""), digest),
        (#"{"imageDetails":[{"imageDigest":"\#(digest)","imageTags":null,"imageStatus":"FROZEN"}]}"#, digest),
        (
            #"{"imageDetails":[{"imageDigest":"\#(digest)","repositoryName":"others"}]}"#,
            malformed + "the image is not of the repository that was asked for"
        ),
        (#"{"imageDetails":[]}"#, "no tag"),
        ("{}", malformed + "the answer has no imageDetails"),
        ("", malformed + "the answer is not a JSON object"),
        (#"{"imageDetails":null}"#, malformed + "the answer has no imageDetails"),
        (#"{"imageDetails":{}}"#, malformed + "imageDetails of the answer is not a list"),
        (#"{"imageDetails":[{}]}"#, malformed + "the image has no imageDigest"),
        (#"{"imageDetails":[null]}"#, malformed + "the image has no imageDigest"),
        (image("null"), malformed + "the image has no imageDigest"),
        (image("7"), malformed + "imageDigest of the image is not a text"),
        (image("\"latest\""), malformed + "the image has an imageDigest that is not a digest"),
        (image("\"sha256:abc\""), malformed + "the image has an imageDigest that is not a digest"),
        (image("\"\(digest) \""), malformed + "the image has an imageDigest that is not a digest"),
    ]

    static let logs: [(String, String)] = [
        (#"{"events":[{"timestamp":1,"message":"a"}],"nextForwardToken":"f/1"}"#, #"["a"] then f/1"#),
        (#"{"events":[],"nextForwardToken":""}"#, "[] then the end"),
        (#"{"events":null}"#, Written.malformed + "the answer has no events"),
        ("{}", Written.malformed + "the answer has no events"),
        (#"{"events":[{"timestamp":"now","message":null},{"message":"b"}]}"#, #"["", "b"] then the end"#),
        (#"{"events":"none"}"#, malformed + "events of the answer is not a list"),
        (#"{"events":[],"nextForwardToken":{}}"#, malformed + "nextForwardToken of the answer is not a text"),
    ]

    static let identities: [(String, String)] = [
        (identity("<Arn>arn:aws:iam::1:user/a&amp;b</Arn>"), "arn:aws:iam::1:user/a&b"),
        (identity("<Arn></Arn>"), malformed + "the answer has no Arn"),
        (identity("<Arn>somebody</Arn>"), malformed + "the answer has no Arn"),
        (identity("<Arn>arn:aws:iam::1:us"), malformed + "the answer has no Arn"),
        (identity(""), malformed + "the answer has no Arn"),
        ("", malformed + "the answer has no Arn"),
        ("{}", malformed + "the answer has no Arn"),
        ("<html><body>Sign in to the guest network</body></html>", malformed + "the answer has no Arn"),
    ]
}
