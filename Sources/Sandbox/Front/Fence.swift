import AWS
import Hashing
import Time

/// Decides who may command the sandbox. It runs programs, so a page in a browser or another user of the machine must not.
///
/// (AWS General Reference, "Signing AWS API requests"; the codes are those of ECS, for STS those of the query protocol.)
struct Fence: Sendable {
    let credentials: Credentials
    let region: String
    let endpoint: Endpoint

    /// AWS's own tolerance in seconds.
    private static let tolerance: Int64 = 300

    /// Whether a Host header names this machine: a name that an attacker's DNS has bound to 127.0.0.1 does not.
    static func isLocal(_ host: String?) -> Bool {
        guard let host else { return false }
        do { return try Endpoint("http://\(host)").isLoopback } catch { return false }
    }

    /// Lets a request pass whose signature was made with the sandbox's credentials over what was received.
    func check(_ request: ReceivedRequest, for service: AWSModel.Service, at now: Timestamp) throws(ECSFault) {
        let refusal = Refusal(service)
        guard let authorization = request.header("authorization") else { throw refusal.missing }
        guard let claim = Claim(authorization), let date = request.header("x-amz-date") else {
            throw refusal.incomplete
        }
        try claim.checkHeaders(of: request, refusal)
        guard SHA256.equal(Self.digest(claim.accessKeyID), Self.digest(credentials.accessKeyID)),
            SHA256.equal(Self.digest(request.header("x-amz-security-token")), Self.digest(credentials.sessionToken))
        else { throw refusal.unrecognized }
        guard claim.scope == "\(date.prefix(8))/\(region)/\(service.rawValue)/aws4_request" else {
            throw refusal.invalid(
                "Credential should be scoped to \(region)/\(service.rawValue) and the day of X-Amz-Date.")
        }
        try checkAge(of: date, now, refusal)
        var signed = HTTPRequest(method: request.method, endpoint: endpoint, path: request.path, query: request.query)
        signed.headers = request.headers.filter { claim.signedHeaders.contains($0.name.lowercased()) }
        let signer = SigV4(credentials: credentials, region: region, service: service.rawValue)
        let signature = signer.signature(
            signed, signed: SigV4.canonicalHeaders(signed.headers),
            payload: Hex.encode(SHA256.hash(request.body)), at: date)
        guard SHA256.equal(Array(signature.utf8), Array(claim.signature.utf8)) else {
            throw refusal.invalid(
                "The request signature we calculated does not match the signature you provided. Check your AWS Secret "
                    + "Access Key and signing method. Consult the service documentation for details.")
        }
    }

    private static func digest(_ text: String?) -> [UInt8] { SHA256.hash((text.map { "=\($0)" } ?? "").utf8) }

    /// Both texts have the form `20261123T011532Z`, so their order is that of the moments.
    private func checkAge(of date: String, _ now: Timestamp, _ refusal: Refusal) throws(ECSFault) {
        let form = date.utf8.map { (48...57).contains($0) ? UInt8(ascii: "0") : $0 }
        guard form == Array("00000000T000000Z".utf8) else { throw refusal.incomplete }
        let earliest = now.advanced(by: -Self.tolerance).basic
        let latest = now.advanced(by: Self.tolerance).basic
        if date.precedes(earliest) {
            throw refusal.invalid("Signature expired: \(date) is now earlier than \(earliest) (\(now.basic) - 5 min.)")
        }
        if latest.precedes(date) {
            throw refusal.invalid(
                "Signature not yet current: \(date) is still later than \(latest) (\(now.basic) + 5 min.)")
        }
    }
}

/// What an Authorization header claims.
struct Claim: Sendable, Equatable {
    let accessKeyID: String
    let scope: String
    let signedHeaders: [String]
    let signature: String

    init?(_ text: String) {
        let algorithm = "AWS4-HMAC-SHA256 "
        guard text.hasPrefix(algorithm) else { return nil }
        var fields: [String: String] = [:]
        for part in text.dropFirst(algorithm.count).split(separator: ",") {
            let pair = part.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
            guard pair.count == 2, fields.updateValue(String(pair[1]), forKey: String(pair[0])) == nil else {
                return nil
            }
        }
        guard let credential = fields["Credential"], let slash = credential.firstIndex(of: "/"),
            let headers = fields["SignedHeaders"], let signature = fields["Signature"], fields.count == 3
        else { return nil }
        accessKeyID = String(credential[..<slash])
        scope = String(credential[credential.index(after: slash)...])
        signedHeaders = headers.split(separator: ";").map(String.init)
        self.signature = signature
    }

    /// Host and every `X-Amz-` header must be signed, each that is claimed must be there once.
    func checkHeaders(of request: ReceivedRequest, _ refusal: Refusal) throws(ECSFault) {
        let names = request.headers.map { $0.name.lowercased() }
        for name in ["host"] + names.filter({ $0.hasPrefix("x-amz-") }) where !signedHeaders.contains(name) {
            throw refusal.invalid("'\(name)' must be a signed header.")
        }
        for name in signedHeaders where names.filter({ $0 == name }).count != 1 {
            throw refusal.invalid("The signed header '\(name)' must be sent once.")
        }
    }
}

/// The refusals of a signature, in the words of the service's protocol.
struct Refusal: Sendable {
    private let isQuery: Bool

    init(_ service: AWSModel.Service) { isQuery = service == .sts }

    private func fault(_ json: String, _ query: String, _ message: String) -> ECSFault {
        isQuery ? ECSFault(query, message, status: 403) : ECSFault(json, message)
    }

    var missing: ECSFault {
        fault("MissingAuthenticationTokenException", "MissingAuthenticationToken", "Missing Authentication Token")
    }
    var incomplete: ECSFault {
        fault(
            "IncompleteSignatureException", "IncompleteSignature",
            "Authorization header requires 'Credential', 'SignedHeaders' and 'Signature', and X-Amz-Date is required.")
    }
    var unrecognized: ECSFault {
        fault(
            "UnrecognizedClientException", "InvalidClientTokenId",
            "The security token included in the request is invalid.")
    }
    func invalid(_ message: String) -> ECSFault { fault("InvalidSignatureException", "SignatureDoesNotMatch", message) }
}

extension Credentials {
    /// New credentials in AWS's form.
    ///
    /// - Parameter generator: must be one that cannot be guessed, such as the system's.
    public static func random(using generator: inout some RandomNumberGenerator) -> Credentials {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        let name = String((0..<16).map { _ in letters[Int.random(in: 0..<letters.count, using: &generator)] })
        let secret = Hex.encode((0..<20).map { _ in UInt8.random(in: 0...255, using: &generator) })
        return Credentials(accessKeyID: "AKIA\(name)", secretAccessKey: secret)
    }
}
