import AWS
import Hashing
import JSON
import Sandbox
import Time

/// Invocations of the migrator's function: the call is open for as long as it runs, and it runs on whatever becomes of that.
extension SimulatedTransport {
    func invoke(_ input: JSON, _ fault: Fault?) async throws(TransportError) -> HTTPResponse {
        guard let (name, end) = begin(input) else {
            let fault = ECSFault("ResourceNotFoundException", "Function not found", status: 404)
            return Answer.json(.failure(fault), id: "r", at: present)
        }
        // Most of what can happen to an answer happens while it is waited for.
        switch fault {
        case .crashAfter, .cancelledAfter, .lost, .failedAfter:
            return try after(fault, "InvokeFunction", HTTPResponse(status: 200))
        default: break
        }
        await process.stage.turnstile.wait(process.id, until: end - World.birth)
        process.stage.catchUp()
        if process.isDead { throw TransportError(.broken, "the process is dead") }
        if Task.isCancelled { throw TransportError(.cancelled, "cancelled") }
        guard let program = process.stage.use({ $0.world.programs[name] }) else {
            throw TransportError(.broken, "the connection broke")
        }
        return try after(fault, "InvokeFunction", answer(program, name))
    }

    /// - Returns: the invocation's name and when it ends; nil where there is no function.
    private func begin(_ input: JSON) -> (String, Int)? {
        process.stage.use { state in
            state.calls[process.id, default: 0] += 1
            let digest = input["image"]?.string?.split(separator: "@").last.map(String.init) ?? ""
            guard state.world.images[digest]?.migration != .cannotStart else { return nil }
            let name = "function/\(state.world.programs.count + 1)"
            state.referee.sees("InvokeFunction", input, by: process.launch, epoch: process.epoch, state.world)
            let before = state.world
            state.world.startProgram(
                name, in: process.launch.cluster, image: digest, timeout: 60_000, vanished: .cutOff)
            state.remember()
            state.changes[process.id, default: []].append("InvokeFunction")
            state.referee.saw(
                "InvokeFunction", input, ["program": .string(name)], by: process.launch, before: before,
                after: state.world)
            state.trace.note("\(state.world.now) \(process.id) InvokeFunction \(name)")
            return (name, state.world.programs[name]?.endsAt ?? state.world.now)
        }
    }

    private func answer(_ program: ForeignProgram, _ name: String) -> HTTPResponse {
        var headers = [
            HTTPHeader("Date", present.httpDate), HTTPHeader("x-amzn-RequestId", name),
            HTTPHeader("X-Amz-Executed-Version", "1"),
            HTTPHeader("X-Amz-Log-Result", Base64.encode(Array((program.log + "\n").utf8))),
        ]
        let returned: JSON
        switch program.end {
        // A function tells a failure in either way.
        case .exited(1)?:
            headers.append(HTTPHeader("X-Amz-Function-Error", "Unhandled"))
            returned = ["errorType": "Error", "errorMessage": .string("no, \(Landscape.canary)")]
        case .exited(let code)?: returned = ["exitCode": .integer(code)]
        default:
            headers.append(HTTPHeader("X-Amz-Function-Error", "Unhandled"))
            returned = ["errorType": "Sandbox.Timedout", "errorMessage": "Task timed out after 60.00 seconds"]
        }
        return HTTPResponse(status: 200, headers: headers, body: Array(returned.compact.utf8))
    }
}
