import JSON

/// Parameters of the type String, by name. (AWS Systems Manager API Reference, GetParameters.)
public struct ParameterStore: Sendable, Equatable {
    private var values: [String: String] = [:]

    public init() {}

    /// - Parameter json: an object of names and texts.
    /// - Returns: nil for anything else.
    public init?(_ json: JSON) {
        guard let members = json.object?.members else { return nil }
        for member in members {
            guard let text = member.value.string else { return nil }
            values[member.key] = text
        }
    }

    func handle(_ operation: String, _ input: JSON, region: String, account: String) -> Result<JSON, ECSFault> {
        guard operation == "GetParameters" else { return .failure(.unknownOperation(operation)) }
        let names: [String]
        do { names = try Input(input).strings("Names") ?? [] } catch { return .failure(error) }
        guard (1...10).contains(names.count), Set(names).count == names.count else {
            return .failure(ECSFault("ValidationException", "Names must have 1 to 10 members, each once"))
        }
        let found = names.compactMap { name -> JSON? in
            values[name].map { value in
                let path = name.hasPrefix("/") ? name : "/" + name
                return [
                    "Name": .string(name), "Type": "String", "Value": .string(value), "Version": 1,
                    "ARN": .string("arn:aws:ssm:\(region):\(account):parameter\(path)"), "DataType": "text",
                ]
            }
        }
        let missing = names.filter { values[$0] == nil }
        return .success(["Parameters": .array(found), "InvalidParameters": JSON(missing)])
    }
}
