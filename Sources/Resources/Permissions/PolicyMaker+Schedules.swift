import Manifest

/// What is needed for that which starts tasks besides the services. (Service Authorization Reference, "Amazon EventBridge",
/// "Amazon EventBridge Scheduler", "AWS Step Functions".)
extension PolicyMaker {
    /// Statements without which `drift` warns and an apply works.
    static let ofDrift: Set = ["FindStarters", "ReadRules", "ReadSchedules", "ReadStateMachines"]

    private var rules: [String] {
        manifest.schedules.compactMap { spec in
            guard case .rule(let bus) = spec.place else { return nil }
            return events("rule/\(bus == "default" ? "" : "\(bus)/")\(spec.name)")
        }
    }

    private var schedules: [String] {
        manifest.schedules.compactMap { spec in
            guard case .schedule(let group) = spec.place else { return nil }
            return "arn:\(partition):scheduler:\(region):\(account):schedule/\(group)/\(spec.name)"
        }
    }

    private func events(_ rest: String) -> String { "arn:\(partition):events:\(region):\(account):\(rest)" }

    /// Those of the manifest alone.
    var readingSchedules: [Statement] {
        [
            Statement("ReadOwnRules", ["events:ListTargetsByRule"], on: rules),
            Statement("ReadOwnSchedules", ["scheduler:GetSchedule"], on: schedules),
        ]
    }

    /// All that there may be in the cluster: they are known once they were read.
    var comparingStarters: [Statement] {
        [
            Statement(
                "FindStarters",
                ["events:ListRuleNamesByTarget", "scheduler:ListSchedules", "states:ListStateMachines"], on: ["*"]),
            Statement("ReadRules", ["events:DescribeRule", "events:ListTargetsByRule"], on: [events("rule/*")]),
            Statement(
                "ReadSchedules", ["scheduler:GetSchedule"],
                on: ["arn:\(partition):scheduler:\(region):\(account):schedule/*"]),
            Statement(
                "ReadStateMachines", ["states:DescribeStateMachine"],
                on: ["arn:\(partition):states:\(region):\(account):stateMachine:*"]),
        ]
    }

    var changingSchedules: [Statement] {
        let any = starterRoles.areUnknown ? ["arn:\(partition):iam::\(account):role/*"] : nil
        return [
            Statement("MoveRules", ["events:PutTargets"], on: rules),
            Statement("MoveSchedules", ["scheduler:UpdateSchedule"], on: schedules),
            Statement(
                "PassRolesOfRules", ["iam:PassRole"], on: rules.isEmpty ? [] : any ?? starterRoles.ofRules,
                if: .init("StringEquals", "iam:PassedToService", ["events.amazonaws.com"])),
            Statement(
                "PassRolesOfSchedules", ["iam:PassRole"], on: schedules.isEmpty ? [] : any ?? starterRoles.ofSchedules,
                if: .init("StringEquals", "iam:PassedToService", ["scheduler.amazonaws.com"])),
        ]
    }
}
