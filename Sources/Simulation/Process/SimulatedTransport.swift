import AWS
import JSON
import Sandbox
import Time

/// The network of one simulated process: calls park, meet their faults, and reach the world or not.
struct SimulatedTransport: Transport {
    let process: SimulatedProcess

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        if Task.isCancelled { throw TransportError(.cancelled, "cancelled") }
        if process.isDead { throw TransportError(.broken, "the process is dead") }
        let (service, name, input) = Self.read(request)
        let stored = Self.storeOperation(of: request)
        let operation = stored ?? name
        await process.travel(process.stage.use { $0.plan.latency() })
        let answer: Result<HTTPResponse, TransportError>
        do { answer = .success(try await arrive(request, service, input, operation, store: stored)) } catch {
            answer = .failure(error)
        }
        await process.thaw()
        return try answer.get()
    }

    /// What becomes of a request at the other end.
    private func arrive(
        _ request: HTTPRequest, _ service: AWSModel.Service, _ input: JSON, _ operation: String, store: String?
    ) async throws(TransportError) -> HTTPResponse {
        process.stage.catchUp()
        let fault = operation == process.denied ? .denied : process.fault(at: .call(operation))
        if let answer = try before(fault, isStore: store != nil) { return answer }
        if let skewed = skewed(request, isStore: store != nil) { return skewed }
        if let store { return try await exchange(request, store, fault) }
        if service == .lambda { return try await invoke(input, fault) }
        let answer = answer(service, operation, input, fault)
        if fault == .paused { await process.pause() }
        return try after(fault, operation, process.launch.datesOff.map { dated(answer, $0) } ?? answer)
    }

    private static func read(_ request: HTTPRequest) -> (AWSModel.Service, String, JSON) {
        if request.path.hasSuffix("/invocations") {
            do { return (.lambda, "InvokeFunction", try JSON.parse(request.body)) } catch {
                return (.lambda, "InvokeFunction", [:])
            }
        }
        let target = request.headers.first { $0.name.lowercased() == "x-amz-target" }?.value.split(separator: ".")
        guard let target, target.count == 2,
            let service = AWSModel.Service.allCases.first(where: { $0.targetPrefix.map { $0 == target[0] } ?? false })
        else { return (.sts, "GetCallerIdentity", [:]) }
        do { return (service, String(target[1]), try JSON.parse(request.body)) } catch {
            return (service, String(target[1]), [:])
        }
    }

    // MARK: - Faults

    /// Faults that keep the call from its effect.
    private func before(_ fault: Fault?, isStore: Bool) throws(TransportError) -> HTTPResponse? {
        switch fault {
        case .crashBefore:
            process.die()
            throw TransportError(.broken, "the process is dead")
        case .cancelled:
            process.cancel()
            // What must be finished is not cancelled with the run.
            if isStore, !Task.isCancelled { return nil }
            throw TransportError(.cancelled, "cancelled")
        case .throttled where isStore, .unavailable where isStore, .denied where isStore, .expired where isStore:
            return nil
        case .reset: throw TransportError(.broken, "the connection broke")
        case .unreachable: throw TransportError(.unreachable, "no route to host")
        case .throttled: return refusal("ThrottlingException", "Rate exceeded", 400)
        case .unavailable: return refusal("ServiceUnavailableException", "try later", 503)
        case .denied: return refusal("AccessDeniedException", "not authorized", 400)
        case .expired: return refusal("ExpiredTokenException", "The security token is expired", 400)
        case .blocked: return Self.page(403, "<html>Blocked by policy</html>", "text/html")
        case .swallowed: return Self.page(200, "", "application/json")
        default: return nil
        }
    }

    /// Faults of the answer, when the effect is there.
    func after(
        _ fault: Fault?, _ operation: String, _ answer: HTTPResponse
    ) throws(TransportError) -> HTTPResponse {
        switch fault {
        case .crashAfter:
            process.die()
            throw TransportError(.broken, "the process is dead")
        case .cancelledAfter:
            process.cancel()
            if Point.ofStores.contains(operation), !Task.isCancelled { return answer }
            throw TransportError(.cancelled, "cancelled")
        case .lost: throw TransportError(.timedOut, "no answer in time")
        case .failedAfter: return refusal("ServerException", "internal failure", 500)
        case .proxied: return Self.page(408, "<html>Request Timeout</html>", "text/html")
        case .proxyJSON: return Self.page(400, #"{"code":"timeout","message":"upstream"}"#, "application/json")
        case .dateStale: return dated(answer, -7_200)
        case .dateAhead: return dated(answer, 3 * 31_536_000)
        case .dateMissing: return dated(answer, nil)
        case .malformed: return HTTPResponse(status: 200, headers: answer.headers, body: Array("<html>".utf8))
        case .emptied: return HTTPResponse(status: 200, headers: answer.headers, body: Array("{}".utf8))
        case .strange: return Strange.made(of: answer)
        default: return answer
        }
    }

    private static func page(_ status: Int, _ body: String, _ type: String) -> HTTPResponse {
        HTTPResponse(status: status, headers: [HTTPHeader("Content-Type", type)], body: Array(body.utf8))
    }

    /// An answer with another date.
    private func dated(_ answer: HTTPResponse, _ off: Int64?) -> HTTPResponse {
        let headers = answer.headers.filter { $0.name.lowercased() != "date" }
        let date = off.map { [HTTPHeader("Date", present.advanced(by: $0).httpDate)] } ?? []
        return HTTPResponse(status: answer.status, headers: headers + date, body: answer.body)
    }

    private func refusal(_ code: String, _ message: String, _ status: Int) -> HTTPResponse {
        Answer.json(.failure(ECSFault(code, message, status: status)), id: "r", at: present)
    }

    var present: Timestamp {
        Timestamp(seconds: Int64(World.birth + process.stage.turnstile.now) / 1_000)
    }

    /// AWS refuses signatures that are more than five minutes off (Signature Version 4, "Signature expired").
    /// S3 takes fifteen. (Amazon S3 API Reference, "Error responses", RequestTimeTooSkewed.)
    private func skewed(_ request: HTTPRequest, isStore: Bool) -> HTTPResponse? {
        let date = request.headers.first { $0.name.lowercased() == "x-amz-date" }?.value ?? ""
        let bound: Int64 = isStore ? 900 : 300
        let bounds = [-bound, bound].map { present.advanced(by: $0).basic }
        if date >= bounds[0] && date <= bounds[1] { return nil }
        if isStore { return error("RequestTimeTooSkewed", 403) }
        process.stage.use { $0.tally.count("branch clock corrected") }
        return refusal(
            "InvalidSignatureException", date < bounds[0] ? "Signature expired" : "Signature not yet current", 403)
    }

    // MARK: - The world

    private func answer(
        _ service: AWSModel.Service, _ operation: String, _ input: JSON, _ fault: Fault?
    ) -> HTTPResponse {
        let isMutating = Point.mutating.contains(operation)
        let result = process.stage.use { state -> Result<JSON, ECSFault> in
            state.calls[process.id, default: 0] += 1
            // What a token has started is what ECS answers with, however full the cluster has become.
            if fault == .failures, !isMutating || (operation == "RunTask" && state.world.begins(input)) {
                return .success([
                    "tasks": [], "services": [],
                    "failures": [["arn": "arn:aws:ecs:::x", "reason": "RESOURCE:MEMORY"]],
                ])
            }
            if fault == .stale, !isMutating { return Self.stale(&state, service, operation, input) }
            if isMutating {
                state.referee.holds(
                    process.id, operation, by: process.launch, epoch: process.epoch, state.bucket)
                state.referee.sees(operation, input, by: process.launch, epoch: process.epoch, state.world)
            }
            if let other = state.world.swapped(operation, input) { return .success(other) }
            let before = state.world
            let result = state.world.call(service, operation, input)
            if isMutating { state.remember() }
            if operation == "DescribeServices", case .success(let answer) = result {
                state.referee.showed(answer["services"] ?? [], state.world)
            }
            if isMutating, case .success(let answer) = result {
                let kept = state.answers.updateValue(answer, forKey: operation)
                state.changes[process.id, default: []].append(operation)
                state.referee.saw(operation, input, answer, by: process.launch, before: before, after: state.world)
                if fault == .replayed, let kept { return .success(kept) }
            }
            return result
        }
        process.stage.use { state in
            state.trace.note("\(state.world.now) \(process.id) \(operation) \(Self.outcome(result))")
        }
        if operation == "UpdateService", process.stage.landscape.hidesDeployments, case .success(var answer) = result {
            answer["service"]?["deployments"] = nil
            return Answer.json(.success(answer), id: "r", at: present)
        }
        if service == .sts { return Answer.xml(result, operation: operation, id: "r", at: present) }
        return Answer.json(result, id: "r", at: present)
    }

    private static func outcome(_ result: Result<JSON, ECSFault>) -> String {
        switch result {
        case .success: "ok"
        case .failure(let fault): fault.code
        }
    }

    /// What a reader sees who is some seconds behind.
    private static func stale(
        _ state: inout Stage.State, _ service: AWSModel.Service, _ operation: String, _ input: JSON
    ) -> Result<JSON, ECSFault> {
        // Logs have a bound that is relied on (`LogFollower.latestAfterStop`).
        let age = operation == "GetLogEvents" ? min(state.plan.age(), 1_000) : state.plan.age()
        let moment = state.world.now - age
        guard var old = state.history.last(where: { $0.now <= moment })?.world ?? state.history.first?.world else {
            return state.world.call(service, operation, input)
        }
        state.tally.count("branch read of an older world")
        old.pass(to: max(old.now, moment))
        return old.call(service, operation, input)
    }
}

/// Puts states that no release knows into an answer.
private enum Strange {
    static func made(of answer: HTTPResponse) -> HTTPResponse {
        do {
            let json = change(try JSON.parse(answer.body))
            return HTTPResponse(status: answer.status, headers: answer.headers, body: Array(json.compact.utf8))
        } catch {
            return answer
        }
    }

    private static func change(_ json: JSON) -> JSON {
        if json.object != nil {
            var out = JSON.object(JSONObject())
            for member in json.object?.members ?? [] {
                let isState = ["lastStatus", "rolloutState", "stopCode"].contains(member.key)
                out[member.key] = isState && member.value.string != nil ? "HIBERNATING" : change(member.value)
            }
            return out
        }
        if case .array(let elements) = json { return .array(elements.map(change)) }
        return json
    }
}
