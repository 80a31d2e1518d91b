import AWS
import JSON
import Manifest

/// How a migration task is launched: like its service, with the migration's command, and never on capacity that may be
/// taken away in the middle.
enum MigrationLaunch {
    static func settings(of service: LaunchSettings, declared: LaunchOverrides) -> LaunchSettings {
        var launch = service
        if let strategy = launch.capacityProviderStrategy {
            let providers = strategy.elements.compactMap { $0["capacityProvider"]?.string }
            // RunTask takes a launch type or a strategy; Spot would interrupt a migration half done.
            if providers.contains("FARGATE_SPOT") {
                launch.capacityProviderStrategy = nil
                launch.launchType = "FARGATE"
            } else {
                launch.launchType = nil
            }
        }
        if let type = declared.launchType {
            launch.launchType = type
            launch.capacityProviderStrategy = nil
        }
        if let strategy = declared.capacityProviderStrategy {
            launch.capacityProviderStrategy = strategy
            launch.launchType = nil
        }
        launch.platformVersion = declared.platformVersion ?? launch.platformVersion
        launch.networkConfiguration = declared.networkConfiguration ?? launch.networkConfiguration
        launch.placementConstraints = declared.placementConstraints ?? launch.placementConstraints
        launch.volumeConfigurations = declared.volumeConfigurations ?? launch.volumeConfigurations
        launch.size = .members([
            "cpu": declared.size.cpu, "memory": declared.size.memory,
            "ephemeralStorage": declared.size.ephemeralStorage.map { JSON.members(["sizeInGiB": $0]) },
        ])
        launch.tags = declared.tags.own
        launch.propagateTags = declared.tags.source == .none ? nil : declared.tags.source.rawValue
        launch.enableECSManagedTags = declared.tags.isManaged
        if launch.launchType == "EC2" { launch.platformVersion = nil }
        return launch
    }

    /// - Parameter volumes: those of the revision that are configured at launch: ECS refuses a configuration of any other.
    static func limit(_ launch: LaunchSettings, to volumes: [String]) -> LaunchSettings {
        let configured = (launch.volumeConfigurations?.elements ?? []).filter {
            volumes.contains($0["name"]?.string ?? "")
        }
        var launch = launch
        launch.volumeConfigurations = configured.isEmpty ? nil : .array(configured)
        return launch
    }
}
