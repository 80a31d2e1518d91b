import JSON

/// The scalable targets of Application Auto Scaling, as they were registered. Nothing is scaled by them.
/// (Application Auto Scaling API Reference, RegisterScalableTarget, DescribeScalableTargets.)
public struct ScalingModel: Sendable, Equatable {
    /// Bounds by resource, `service/CLUSTER/NAME`.
    private var targets: [String: ClosedRange<Int>] = [:]

    mutating func handle(_ operation: String, _ input: JSON) -> Result<JSON, ECSFault> {
        do {
            switch operation {
            case "RegisterScalableTarget": return .success(try register(Input(input)))
            case "DescribeScalableTargets": return .success(try describe(Input(input)))
            default: return .failure(.unknownOperation(operation))
            }
        } catch {
            return .failure(error)
        }
    }

    private mutating func register(_ input: Input) throws(ECSFault) -> JSON {
        try check(input)
        let id = try input.required("ResourceId")
        let least = try input.integer("MinCapacity") ?? targets[id]?.lowerBound
        let most = try input.integer("MaxCapacity") ?? targets[id]?.upperBound
        guard let least, let most, least >= 0, least <= most else {
            throw ECSFault("ValidationException", "MinCapacity and MaxCapacity must be bounds of a range")
        }
        targets[id] = least...most
        return [:]
    }

    private func describe(_ input: Input) throws(ECSFault) -> JSON {
        try check(input)
        let asked = try input.strings("ResourceIds")
        guard (asked?.count ?? 0) <= 50 else {
            throw ECSFault("ValidationException", "1 validation error detected: ResourceIds has more than 50 members")
        }
        let shown = targets.filter { asked?.contains($0.key) ?? true }.sorted { $0.key.precedes($1.key) }
        return [
            "ScalableTargets": .array(
                shown.map {
                    [
                        "ServiceNamespace": "ecs", "ResourceId": .string($0.key),
                        "ScalableDimension": "ecs:service:DesiredCount", "MinCapacity": .integer($0.value.lowerBound),
                        "MaxCapacity": .integer($0.value.upperBound),
                    ]
                })
        ]
    }

    private func check(_ input: Input) throws(ECSFault) {
        guard try input.required("ServiceNamespace") == "ecs" else {
            throw ECSFault("ValidationException", "This sandbox scales services of ecs only")
        }
    }
}
