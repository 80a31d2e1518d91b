import AWS
import Synchronization
import Time

/// A network and a machine that answer the sources of credentials as they were recorded to answer.
final class Exchange: Transport, CredentialHost {
    struct Answer: Sendable {
        /// `METHOD URL`, or its beginning.
        let request: String
        /// What must be in the headers or the body.
        var has: [String] = []
        var status = 200
        var type = "application/json"
        let body: String
    }

    private struct State {
        var answers: [Answer]
        var asked: [String] = []
        var files: [String: String]
        var now: Int64 = 1_800_000_000
    }

    private let state: Mutex<State>
    private let program: @Sendable (String) throws(CredentialsError) -> String

    init(
        _ answers: [Answer], files: [String: String] = [:],
        program: @escaping @Sendable (String) throws(CredentialsError) -> String = { _ in "" }
    ) {
        state = Mutex(State(answers: answers, files: files))
        self.program = program
    }

    var now: Timestamp { Timestamp(seconds: state.withLock(\.now)) }
    var asked: [String] { state.withLock(\.asked) }
    func pass(_ seconds: Int64) { state.withLock { $0.now += seconds } }
    func add(_ answer: Answer) { state.withLock { $0.answers.append(answer) } }
    func file(_ path: String) -> String? { state.withLock { $0.files[path] } }

    func read(_ path: String) -> String? { file(path) }
    func replace(_ path: String, with text: String) { state.withLock { $0.files[path] = text } }
    func output(of command: String) async throws(CredentialsError) -> String { try program(command) }

    /// The answers are given in their order, and each once.
    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        let name = "\(request.method) \(request.url)"
        let said =
            request.headers.map { "\($0.name): \($0.value)" }.joined(separator: "\n") + "\n"
            + String(decoding: request.body, as: UTF8.self)
        let answer = state.withLock { state -> Answer? in
            state.asked.append(name)
            guard let next = state.answers.first, name.hasPrefix(next.request), next.has.allSatisfy(said.contains)
            else { return nil }
            state.answers.removeFirst()
            return next
        }
        guard let answer else { throw TransportError(.unreachable, "nobody answers \(name) with \(said)") }
        if answer.status == 0 { throw TransportError(.timedOut, "no answer in time") }
        return HTTPResponse(
            status: answer.status,
            headers: [
                HTTPHeader("content-type", answer.type), HTTPHeader("x-amzn-requestid", "r-1"),
                HTTPHeader("date", now.httpDate),
            ], body: Array(answer.body.utf8))
    }

    var fetcher: CredentialFetcher {
        CredentialFetcher(
            host: self, transport: self, remaining: { nil },
            caller: { [self] keys in
                Caller(
                    settings: Settings(region: "eu-west-1", credentials: keys), transport: self,
                    clock: ServerClock(machine: { [self] in now }, elapsed: { .zero }))
            })
    }
}

extension Exchange.Answer {
    static func role(_ action: String, has: [String] = [], key: String = "ASIAROLE", expires: String) -> Self {
        Self(
            request: "POST https://sts.eu-west-1.amazonaws.com/", has: ["Action=\(action)&"] + has, type: "text/xml",
            body: """
                <\(action)Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><\(action)Result>
                <AssumedRoleUser><Arn>arn:aws:sts::1:assumed-role/deploy/reconcile</Arn></AssumedRoleUser>
                <Credentials><AccessKeyId>\(key)</AccessKeyId><SecretAccessKey>role-secret+/=</SecretAccessKey>
                <SessionToken>role-token</SessionToken><Expiration>\(expires)</Expiration></Credentials>
                </\(action)Result></\(action)Response>
                """)
    }

    static func refusal(_ code: String, _ message: String, status: Int = 403) -> Self {
        Self(
            request: "POST https://sts.", status: status, type: "text/xml",
            body: "<ErrorResponse><Error><Type>Sender</Type><Code>\(code)</Code><Message>\(message)</Message></Error>"
                + "<RequestId>r-1</RequestId></ErrorResponse>")
    }
}
