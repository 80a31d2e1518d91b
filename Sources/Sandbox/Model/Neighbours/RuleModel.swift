import JSON

/// The rules of Amazon EventBridge and their targets. Nothing is started by them.
/// (Amazon EventBridge API Reference, PutRule, PutTargets, DescribeRule, ListRules, ListTargetsByRule, ListRuleNamesByTarget.)
struct RuleModel: Sendable, Equatable {
    private struct Rule: Sendable, Equatable {
        var facts: JSON
        var targets: [JSON] = []

        var json: JSON { ["facts": facts, "targets": .array(targets)] }
    }

    /// By bus and name, `BUS/NAME`.
    private var rules: [String: Rule] = [:]
    private(set) var changes = 0

    init() {}

    /// Those of a ``json``.
    init(kept json: JSON?) {
        for member in json?.object?.members ?? [] {
            rules[member.key] = Rule(
                facts: member.value["facts"] ?? [:], targets: member.value["targets"]?.elements ?? [])
        }
    }

    var json: JSON {
        var json: JSON = [:]
        for rule in rules.sorted(by: { $0.key.precedes($1.key) }) { json[rule.key] = rule.value.json }
        return json
    }

    mutating func handle(_ operation: String, _ input: JSON, _ naming: Naming) -> Result<JSON, ECSFault> {
        do throws(ECSFault) {
            let input = Input(input)
            switch operation {
            case "PutRule": return .success(try putRule(input, naming))
            case "PutTargets": return .success(try putTargets(input))
            case "DescribeRule": return .success(try rule(try input.required("Name"), input).facts)
            case "ListRules":
                let facts = try of(bus: input).map(\.value.facts)
                return .success(["Rules": .array(facts)])
            case "ListTargetsByRule":
                return .success(["Targets": .array(try rule(try input.required("Rule"), input).targets)])
            case "ListRuleNamesByTarget":
                let target = JSON.string(try input.required("TargetArn"))
                let found = try of(bus: input).filter { $0.value.targets.contains { $0["Arn"] == target } }
                return .success(["RuleNames": .array(found.compactMap { $0.value.facts["Name"] })])
            default: return .failure(.unknownOperation(operation))
            }
        } catch {
            return .failure(error)
        }
    }

    private func bus(_ input: Input) throws(ECSFault) -> String { try input.string("EventBusName") ?? "default" }

    private func of(bus input: Input) throws(ECSFault) -> [(key: String, value: Rule)] {
        let prefix = try bus(input) + "/"
        return rules.filter { $0.key.hasPrefix(prefix) }.sorted { $0.key.precedes($1.key) }
    }

    private func rule(_ name: String, _ input: Input) throws(ECSFault) -> Rule {
        let bus = try bus(input)
        guard let rule = rules["\(bus)/\(name)"] else {
            throw ECSFault(
                "ResourceNotFoundException", "Rule \(name) does not exist on EventBus \(bus).")
        }
        return rule
    }

    private mutating func putRule(_ input: Input, _ naming: Naming) throws(ECSFault) -> JSON {
        let (name, bus) = (try input.required("Name"), try bus(input))
        let arn = naming.rule(name, on: bus)
        var facts = JSON.members(["Name": name, "Arn": arn, "EventBusName": bus, "State": "ENABLED"])
        for key in ["ScheduleExpression", "EventPattern", "State", "Description", "RoleArn"] {
            if let text = try input.string(key) { facts[key] = .string(text) }
        }
        rules["\(bus)/\(name)", default: Rule(facts: facts)].facts = facts
        changes += 1
        return ["RuleArn": .string(arn)]
    }

    /// Replaces those of the same ids, whole, and leaves the others.
    private mutating func putTargets(_ input: Input) throws(ECSFault) -> JSON {
        let (name, bus) = (try input.required("Rule"), try bus(input))
        var rule = try rule(name, input)
        for target in try input.objects("Targets") ?? [] {
            let id = JSON.string(try target.required("Id"))
            rule.targets.removeAll { $0["Id"] == id }
            rule.targets.append(target.json)
        }
        guard rule.targets.count <= 5 else {
            throw ECSFault("LimitExceededException", "The requested resource exceeds the maximum number allowed.")
        }
        rules["\(bus)/\(name)"] = rule
        changes += 1
        return ["FailedEntryCount": 0, "FailedEntries": []]
    }
}
