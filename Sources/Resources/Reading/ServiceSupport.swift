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
        // That UpdateService may move one is not documented. (ECS API Reference, UpdateExpressGatewayService.)
        if service.isExpress {
            return Failure(
                .serviceUnsupported,
                "\(name) is an Express Mode service, which Amazon ECS updates by a call of its own", of: id,
                hint:
                    "leave it out of the manifest and move it with: aws ecs update-express-gateway-service --service-arn "
                    + "\(service.arn) --task-definition-arn REVISION; or make it a service of your own with create-service"
            )
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
