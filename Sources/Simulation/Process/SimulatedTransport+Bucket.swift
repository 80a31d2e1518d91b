import AWS
import Base
import JSON
import Ledger
import Sandbox
import Time

/// The bucket with the ledgers that machines share.
extension SimulatedTransport {
    static let bucket = "ledgers"

    /// nil for a request of another service.
    static func storeOperation(of request: HTTPRequest) -> String? {
        guard request.path.hasPrefix("/\(bucket)") else { return nil }
        if request.method == "PUT" { return "PutObject" }
        return request.query.isEmpty ? "GetObject" : "ListObjects"
    }

    func exchange(_ request: HTTPRequest, _ operation: String, _ fault: Fault?) async throws(TransportError)
        -> HTTPResponse
    {
        if let refusal = storeRefusal(fault) { return refusal }
        // Before the answer is made, or after.
        let isHeldUp = fault == .paused && process.stage.use { $0.plan.age().isMultiple(of: 2) }
        if isHeldUp {
            await process.pause()
            process.stage.catchUp()
        }
        let answer = answer(request, operation, fault)
        if fault == .paused, !isHeldUp { await process.pause() }
        if fault == .late || Task.isCancelled {
            throw TransportError(fault == .late ? .timedOut : .cancelled, "no answer in time")
        }
        return try after(fault, operation, answer)
    }

    /// What S3 answers without having done anything.
    private func storeRefusal(_ fault: Fault?) -> HTTPResponse? {
        switch fault {
        case .throttled: error("SlowDown", 503)
        case .unavailable: error("ServiceUnavailable", 503)
        case .denied: error("AccessDenied", 403)
        case .expired: error("ExpiredToken", 400)
        case .conflicted: error("ConditionalRequestConflict", 409)
        default: nil
        }
    }

    private func answer(_ request: HTTPRequest, _ operation: String, _ fault: Fault?) -> HTTPResponse {
        let key = String(request.path.dropFirst(Self.bucket.count + 2))
        let now = process.stage.use(\.world.now)
        switch operation {
        case "PutObject":
            let write = Bucket.Write(
                key: key, body: request.body, condition: Self.condition(of: request), launch: process.launch,
                arrival: fault == .late ? now + process.stage.use { $0.plan.age() } : now)
            return process.stage.use { state in
                state.trace.note("\(now) \(process.id) PUT \(key) \(write.condition)")
                if state.bucket.sends(write.body, to: key, by: process.id) {
                    state.referee.report("S18", "\(key) is written again, and nobody has looked")
                }
                if fault == .late {
                    state.bucket.delay(write)
                    return error("Late", 500)
                }
                guard let version = state.write(write) else { return error("PreconditionFailed", 412) }
                return response(200, [], [HTTPHeader("ETag", "\"\(version)\"")])
            }
        case "GetObject":
            return process.stage.use { state in
                state.trace.note("\(now) \(process.id) GET \(key)")
                state.bucket.reads(key, by: process.id)
                guard let object = state.bucket.objects[key] else { return error("NoSuchKey", 404) }
                let written = Timestamp(seconds: Int64(object.written) / 1_000)
                return response(
                    200, object.body,
                    [HTTPHeader("ETag", "\"\(object.version)\""), HTTPHeader("Last-Modified", written.httpDate)])
            }
        default:
            let query = Dictionary(
                request.query.split(separator: "&").map { pair in
                    let parts = pair.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
                    return (parts[0], (parts.count > 1 ? parts[1] : "").replacing("%2F", with: "/"))
                }, uniquingKeysWith: { first, _ in first })
            return process.stage.use { state in
                if fault == .stale { state.bucket.fallBehind(by: state.plan.age(), at: now) }
                let keys = state.bucket.keys(
                    beginningWith: query["prefix"] ?? "", after: query["start-after"] ?? "", at: now)
                state.trace.note("\(now) \(process.id) LIST \(keys.count)")
                let rows = keys.map { "<Contents><Key>\($0)</Key></Contents>" }.joined()
                return response(200, Array("<ListBucketResult>\(rows)</ListBucketResult>".utf8), [])
            }
        }
    }

    private static func condition(of request: HTTPRequest) -> Bucket.Condition {
        if request.header("if-none-match") == "*" { return .absent }
        guard let match = request.header("if-match") else { return .none }
        return .unchanged(Int(match.filter { $0 != "\"" }) ?? -1)
    }

    func error(_ code: String, _ status: Int) -> HTTPResponse {
        response(status, Array("<Error><Code>\(code)</Code><Message>no</Message></Error>".utf8), [])
    }

    private func response(_ status: Int, _ body: [UInt8], _ headers: [HTTPHeader]) -> HTTPResponse {
        HTTPResponse(
            status: status,
            headers: [
                HTTPHeader("Content-Type", "application/xml"), HTTPHeader("Date", present.httpDate),
                HTTPHeader("x-amz-request-id", "r"),
            ] + headers, body: body)
    }
}

extension HTTPRequest {
    fileprivate func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name }?.value }
}

extension Stage.State {
    /// A write arrives: what it adds to a ledger is the truth from then on, whoever hears of it.
    mutating func write(_ write: Bucket.Write) -> Int? {
        referee.stored(write)
        guard let version = bucket.put(write) else { return nil }
        for entry in SharedEntries.added(by: write) { referee.recorded(entry, by: write.launch, world) }
        return version
    }

    /// Lets what was held up arrive.
    mutating func receive(by moment: Int) {
        for late in bucket.arrived(by: moment) {
            let version = write(late)
            trace.note("late PUT \(late.key) \(version ?? 0)")
        }
    }
}

/// Reads what a write adds to a ledger, past the code that wrote it.
private enum SharedEntries {
    static func added(by write: Bucket.Write) -> [Entry] {
        guard write.key.hasPrefix("\(write.launch.ledger)/entries/") else { return [] }
        do { return try JSON.parse(write.body)["entries"]?.elements.compactMap(entry) ?? [] } catch { return [] }
    }

    private static func entry(_ row: JSON) -> Entry? {
        let fields = row.elements
        guard fields.count == 10, let kind = fields[6].string.flatMap(Entry.Kind.init) else { return nil }
        let payload: JSON
        do { payload = try JSON.parse(Array((fields[8].string ?? "").utf8)) } catch { return nil }
        return Entry(
            sequence: Int64(fields[0].integer ?? 0), epoch: Int64(fields[1].integer ?? 0),
            time: Timestamp(seconds: Int64(fields[2].integer ?? 0)),
            awsTime: fields[3].integer.map { Timestamp(seconds: Int64($0)) }, environment: fields[4].string ?? "",
            resource: fields[5].string.flatMap(ResourceID.init(_:)), kind: kind, token: fields[7].string ?? "",
            payload: payload)
    }
}
