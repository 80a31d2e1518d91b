import JSON
import Time

/// Sources that are asked over HTTP without being a service of AWS.
extension CredentialFetcher {
    /// The token of this job, for AWS.
    func token(from tokens: GitHubTokens) async throws(CredentialsError) -> String {
        let separator = tokens.url.contains("?") ? "&" : "?"
        let answer = try await ask(
            tokens.url + separator + "audience=sts.amazonaws.com", "GitHub's token endpoint",
            [HTTPHeader("Authorization", "Bearer \(tokens.key)"), HTTPHeader("Accept", "application/json")],
            hint: "give the job the permission \"id-token: write\"")
        let json: JSON?
        do { json = try JSON.parse(answer) } catch { json = nil }
        guard let token = json?["value"]?.string, !token.isEmpty else {
            throw CredentialsError(
                "GitHub's token endpoint gave no token", hint: "give the job the permission \"id-token: write\"")
        }
        return token
    }

    func container(_ endpoint: ContainerEndpoint) async throws(CredentialsError) -> Credentials {
        var token = endpoint.token
        if let file = endpoint.tokenFile { token = try text(of: file, "the container's authorization token") }
        // It is sent in a header, and a line break would start another header.
        if let text = token, text.contains(where: \.isNewline) {
            throw CredentialsError(
                "the container's authorization token has more than one line",
                hint: "check AWS_CONTAINER_AUTHORIZATION_TOKEN and AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")
        }
        let text = try await ask(
            endpoint.url, "the container's credentials endpoint", token.map { [HTTPHeader("Authorization", $0)] } ?? [],
            timeout: 2_000, attempts: 3,
            hint: "check the role of the task or pod, and AWS_CONTAINER_CREDENTIALS_FULL_URI")
        return try Self.keys(in: text, from: "the container's credentials endpoint")
    }

    /// With a token of a session, and never without one. (Amazon EC2 User Guide, "Use the Instance Metadata Service".)
    func instance(_ endpoint: InstanceEndpoint) async throws(CredentialsError) -> Credentials {
        let name = "the instance's metadata service"
        let hint = "on EC2, give the instance a role; elsewhere set AWS_EC2_METADATA_DISABLED=true"
        func get(_ method: String, _ path: String, _ headers: [HTTPHeader]) async throws(CredentialsError) -> String {
            try await ask(
                endpoint.url + path, name, headers, method, timeout: endpoint.timeout, attempts: endpoint.attempts,
                hint: hint)
        }
        let token = try await get(
            "PUT", "/latest/api/token", [HTTPHeader("X-aws-ec2-metadata-token-ttl-seconds", "21600")])
        let headers = [HTTPHeader("X-aws-ec2-metadata-token", token)]
        let path = "/latest/meta-data/iam/security-credentials/"
        let roles = try await get("GET", path, headers)
        guard let role = roles.split(whereSeparator: \.isNewline).first else {
            throw CredentialsError("the instance has no role", hint: hint)
        }
        return try Self.keys(in: try await get("GET", path + PercentEncoding.encode(String(role)), headers), from: name)
    }

    /// One answer's text. What was asked with, and what was answered, is in no message.
    private func ask(
        _ url: String, _ name: String, _ headers: [HTTPHeader], _ method: String = "GET", timeout: Int = 10_000,
        attempts: Int = 3, hint: String
    ) async throws(CredentialsError) -> String {
        let address: (endpoint: Endpoint, path: String, query: String)
        do { address = try Endpoint.address(url) } catch {
            throw CredentialsError("\(name): \(error.description)", hint: hint)
        }
        var request = HTTPRequest(
            method: method, endpoint: address.endpoint, path: address.path, query: address.query, headers: headers)
        request.timeout = timeout
        var reason = ""
        for _ in 0..<attempts {
            request.remaining = remaining()
            do {
                let answer = try await transport.send(request)
                if answer.isSuccess { return String(decoding: answer.body, as: UTF8.self) }
                reason = "\(address.endpoint) answered with HTTP status \(answer.status)"
                if answer.status < 500 { break }
            } catch {
                reason = error.message
                if error.kind == .cancelled { break }
            }
        }
        throw CredentialsError("\(name): \(reason)", hint: hint)
    }
}
