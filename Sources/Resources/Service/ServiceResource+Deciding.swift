import AWS
import Base
import Hashing
import Reconciler

/// What a person may ask of the service's deployment that is under way.
extension ServiceResource {
    func needsDecision(_ order: UpdateOrder) -> Bool { order.request == nil }

    func underWay(_ step: Step, in context: Context) async throws(Failure) -> UnderWay? {
        let seen = try await judged(step, in: context)
        guard let text = seen.verdict?.progress else { return nil }
        let mayNotExist = seen.verdict == .unseen(text)
        // Where ECS is not at work any more, and its count is not reached or old tasks stay, only a person can end the step.
        guard mayNotExist || seen.isAtWork else { return nil }
        return UnderWay(
            "deployment", "under way (\(text))",
            program: seen.deployment?.deployment.arn ?? step.receipt?.deployment ?? spec.name,
            mayNotExist: mayNotExist, way: .demand)
    }

    func shownEnd(_ step: Step, in context: Context) async throws(Failure) -> ShownEnd? {
        switch try await judged(step, in: context).settlement {
        case .succeeded(_, let facts): ShownEnd(isSuccess: true, "ECS has completed it", facts: facts)
        case .failed(let failure, _, let facts), .overtaken(let failure, _, let facts):
            ShownEnd(isSuccess: false, failure.summary, facts: facts)
        case .abandoned, .indeterminate, nil: nil
        }
    }

    /// What ECS shows of an open step.
    private struct Judged {
        var verdict: RolloutVerdict?
        var settlement: Settlement?
        var deployment: SeenDeployment?
        var isAtWork = false
    }

    private func judged(_ step: Step, in context: Context) async throws(Failure) -> Judged {
        let service = try await access.services.look(spec.name, by: id)
        if service.isAbsent { return Judged() }
        let strategy = RolloutStrategy(service.deploymentConfiguration)
        let seen = try await deployment(of: service, strategy, step, isMoving: true, isRepeat: true)
        let owner = try await owner(of: service, in: context)
        let (verdict, settlement) = try await judge(step, service, owner, seen, in: context.silent)
        return Judged(
            verdict: verdict, settlement: settlement, deployment: seen,
            isAtWork: seen.map { !$0.deployment.isOver } ?? (service.primary?.rolloutState == "IN_PROGRESS"))
    }

    func demand(_ demand: Demand, in context: Context) async throws(Failure) -> StateDeclaration<UpdateOrder> {
        let service = try await access.services.look(spec.name, by: id)
        guard let seen = try await access.deployments.newest(of: service, for: id), !seen.deployment.isOver else {
            throw Failure(
                .nothingOpen, "no deployment of \(spec.name) is under way", of: id,
                hint: "see how it is: reconcile status MANIFEST")
        }
        let deployment = seen.deployment
        let hook = deployment.hooks.first(where: \.waitsForPerson)
        let place = deployment.stage.map { "at \($0)" } ?? "in the status \(deployment.status)"
        if demand == .goOn, hook == nil {
            throw Failure(
                .nothingOpen, "the deployment of \(spec.name) does not wait for a person: it is \(place)", of: id,
                hint: "watch it: reconcile apply MANIFEST; or roll it back: "
                    + "reconcile resolve MANIFEST \(id) --rollback --reason TEXT")
        }
        let request = DeploymentRequest(of: deployment.arn, hook: hook?.id, rollsBack: demand == .rollBack)
        var order = UpdateOrder(
            service: spec.name, revision: seen.revision ?? service.taskDefinition, digest: "", release: nil)
        order.request = request
        let token = SHA256.hex([deployment.arn, hook?.id ?? "", String(request.rollsBack)].joined(separator: "\n"))
        return StateDeclaration(
            demand == .goOn
                ? "the deployment of \(spec.name) goes on, which was paused \(place)"
                : "the deployment of \(spec.name) is rolled back, which was \(place)",
            facts: [], demand == .goOn ? .goOn : .rollBack, calls: [Intention(token: token, order: order)])
    }

    func tell(_ step: Step, in context: Context) async throws(Failure) -> Settlement {
        guard let request = step.order.request else { throw .broken("\(id) has nothing to tell") }
        if try await isHeeded(request) {
            return .succeeded(evidence: ["summary": "it was asked already"], facts: [])
        }
        await access.services.doubt()
        let doing = request.rollsBack ? "roll back the deployment of" : "continue the deployment of"
        try await calling(id, "\(doing) \(spec.name)") { () throws(AWSError) in
            if let hook = request.hook {
                try await access.ecs.continueServiceDeployment(
                    request.deployment, hook: hook, rollsBack: request.rollsBack)
            } else {
                try await access.ecs.rollBackServiceDeployment(request.deployment)
            }
        }
        return .succeeded(evidence: ["summary": request.rollsBack ? "asked to roll back" : "asked to go on"], facts: [])
    }

    /// Whether a call whose answer was lost has had its effect: to send it again would be refused.
    private func isHeeded(_ request: DeploymentRequest) async throws(Failure) -> Bool {
        let found = try await reading(id, "read the deployment of \(spec.name)") { () throws(AWSError) in
            try await access.ecs.describeServiceDeployments([request.deployment])
        }
        guard let deployment = found.first else { return false }
        if let hook = request.hook { return !deployment.hooks.contains { $0.id == hook && $0.waitsForPerson } }
        return deployment.isOver || deployment.status.hasPrefix("ROLLBACK")
    }

    /// A request that got no answer. What became of it, the deployment shows; to ask again does no harm.
    func settle(_ request: DeploymentRequest) -> Settlement {
        .abandoned(
            "the request to \(request.rollsBack ? "roll back" : "continue") the deployment of \(spec.name) got no response: "
                + "look how far it is")
    }
}
