import JSON

/// The state machines of AWS Step Functions. Nothing is run by them.
/// (AWS Step Functions API Reference, CreateStateMachine, DescribeStateMachine, ListStateMachines.)
struct StateMachineModel: Sendable, Equatable {
    /// Definitions, each a text of JSON, by name.
    private var definitions: [String: String] = [:]
    private(set) var changes = 0

    init() {}

    /// Those of a ``json``.
    init(kept json: JSON?) {
        for member in json?.object?.members ?? [] { definitions[member.key] = member.value.string }
    }

    var json: JSON {
        var json: JSON = [:]
        for machine in definitions.sorted(by: { $0.key.precedes($1.key) }) {
            json[machine.key] = .string(machine.value)
        }
        return json
    }

    mutating func handle(_ operation: String, _ input: JSON, _ naming: Naming) -> Result<JSON, ECSFault> {
        do throws(ECSFault) {
            let input = Input(input)
            switch operation {
            case "CreateStateMachine":
                let name = try input.required("name")
                definitions[name] = try input.required("definition")
                changes += 1
                return .success(["stateMachineArn": .string(naming.stateMachine(name))])
            case "ListStateMachines":
                let names = definitions.keys.sorted { $0.precedes($1) }
                return .success(["stateMachines": .array(names.map { facts($0, naming) })])
            case "DescribeStateMachine":
                let arn = try input.required("stateMachineArn")
                guard let machine = definitions.first(where: { naming.stateMachine($0.key) == arn }) else {
                    throw ECSFault("StateMachineDoesNotExist", "State Machine Does Not Exist: '\(arn)'")
                }
                var answer = facts(machine.key, naming)
                answer["definition"] = .string(machine.value)
                return .success(answer)
            default: return .failure(.unknownOperation(operation))
            }
        } catch {
            return .failure(error)
        }
    }

    private func facts(_ name: String, _ naming: Naming) -> JSON {
        ["name": .string(name), "stateMachineArn": .string(naming.stateMachine(name)), "type": "STANDARD"]
    }
}
