import AWS
import Base
import JSON

/// Which services an apply can move. What it cannot move is refused in the plan, before a migration runs for it.
enum ServiceSupport {
    /// - Parameter count: the declared desired count.
    static func failure(_ service: ECSService, count: Int?, of id: ResourceID) -> Failure? {
        let name = service.name
        if service.deploymentController != "ECS" {
            return Failure(
                .serviceUnsupported,
                "\(name) is deployed by \(service.deploymentController), and reconcile moves services of the ECS "
                    + "deployment controller only", of: id,
                hint: "change the service's deployment controller, or leave it out of the manifest")
        }
        // Blue/green, linear and canary deployments go on for long after the new tasks run, and may hold for a person.
        // (ECS Developer Guide, "Amazon ECS deployment strategies".)
        if let strategy = service.deploymentConfiguration?["strategy"]?.string, strategy != "ROLLING" {
            return Failure(
                .strategyUnsupported,
                "\(name) is deployed by the strategy \(strategy), and reconcile moves services by ROLLING only", of: id,
                hint: "change the strategy in the service's deploymentConfiguration, or leave it out of the manifest")
        }
        // UpdateService refuses a count for a daemon, after the migration has run. (ECS API Reference, UpdateService.)
        if service.isDaemon, let count {
            return Failure(
                .serviceUnsupported,
                "\(name) runs one task on each instance (DAEMON), and the manifest declares a desiredCount of \(count)",
                of: id, hint: "take desiredCount of \(name) out of the manifest")
        }
        return nil
    }
}
