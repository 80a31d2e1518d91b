import AWS
import JSON

/// What a request asks for: the service, the operation and its input, in either of AWS's protocols.
struct Call: Sendable, Equatable {
    let service: AWSModel.Service
    let operation: String
    /// The Lambda function that is invoked.
    var function: String?
    /// What the path and the query say.
    private var named: JSON = [:]

    /// An invocation of a function.
    init(_ function: String) {
        service = .lambda
        operation = "InvokeFunction"
        self.function = function
    }

    /// Finds out what is called, before anything of the body is believed.
    init(_ request: ReceivedRequest) throws(ECSFault) {
        if let target = request.header("x-amz-target") {
            let parts = target.split(separator: ".", maxSplits: 1)
            guard parts.count == 2,
                let service = AWSModel.Service.allCases.first(where: { $0.targetPrefix.map { $0 == parts[0] } ?? false }
                )
            else { throw .unknownOperation(target) }
            self.service = service
            operation = String(parts[1])
            return
        }
        if let function = Self.function(in: request.path) {
            service = .lambda
            operation = "InvokeFunction"
            self.function = function
            return
        }
        if Self.isOfSchedules(request) {
            self = try Call(ofSchedules: request)
            return
        }
        let form = String(decoding: request.body, as: UTF8.self).split(separator: "&")
        guard let action = form.first(where: { $0.hasPrefix("Action=") }) else {
            throw ECSFault("MissingAction", "Neither X-Amz-Target nor Action is given.")
        }
        // (STS API Reference, "Common Parameters".) Other services have other versions.
        guard form.contains("Version=2011-06-15") else {
            throw ECSFault("InvalidAction", "The sandbox does not play the service of this action.")
        }
        service = .sts
        operation = String(action.dropFirst("Action=".count))
        guard operation.utf8.allSatisfy(ECSModel.isNameByte) else {
            throw ECSFault("InvalidAction", "The action is malformed.")
        }
    }

    static func isOfSchedules(_ request: ReceivedRequest) -> Bool {
        request.path == "/schedules" || request.path.hasPrefix("/schedules/")
    }

    /// (EventBridge Scheduler API Reference: each operation has a method, and the name in the path.)
    private init(ofSchedules request: ReceivedRequest) throws(ECSFault) {
        let parts = request.path.split(separator: "/")
        let operations =
            parts.count == 1
            ? ["GET": "ListSchedules"] : ["GET": "GetSchedule", "PUT": "UpdateSchedule", "POST": "CreateSchedule"]
        guard let operation = operations[request.method], parts.count <= 2,
            parts.allSatisfy({ $0.utf8.allSatisfy { ECSModel.isNameByte($0) || $0 == UInt8(ascii: ".") } })
        else { throw .unknownOperation("\(request.method) \(request.path)") }
        service = .scheduler
        self.operation = operation
        if parts.count == 2 { named["Name"] = .string(String(parts[1])) }
        for pair in request.query.split(separator: "&") where pair.hasPrefix("groupName=") {
            named["GroupName"] = .string(String(pair.dropFirst("groupName=".count)))
        }
    }

    /// The name in `/2015-03-31/functions/NAME/invocations`, without ARN and qualifier. (Lambda API Reference, Invoke.)
    private static func function(in path: String) -> String? {
        let parts = path.split(separator: "/")
        guard parts.count == 4, parts[0] == "2015-03-31", parts[1] == "functions", parts[3] == "invocations" else {
            return nil
        }
        let words = parts[2].replacing("%3A", with: ":").replacing("%24", with: "$").split(separator: ":")
        let named = words.firstIndex(of: "function").flatMap { $0 + 1 < words.count ? words[$0 + 1] : nil }
        let name = named ?? words.first
        guard let name, name.utf8.allSatisfy(ECSModel.isNameByte) else { return nil }
        return String(name)
    }

    /// The input in the body. The query protocol's operations take none here.
    func input(_ request: ReceivedRequest) throws(ECSFault) -> JSON {
        guard service.targetPrefix != nil || service == .scheduler, !request.body.isEmpty else { return named }
        var json: JSON
        do { json = try JSON.parse(request.body) } catch {
            throw ECSFault("SerializationException", "The body is not JSON: \(error.message) at byte \(error.offset)")
        }
        guard json.object != nil else { throw ECSFault("SerializationException", "The body is not a JSON object") }
        for member in named.object?.members ?? [] { json[member.key] = member.value }
        return json
    }
}
