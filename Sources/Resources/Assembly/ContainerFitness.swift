import Base
import Manifest

/// Whether a container fits what the manifest runs in it once.
enum ContainerFitness {
    /// What runs once must end once, its end must be the task's, and its command must reach the program whole.
    ///
    /// - Parameter commands: those that RunTask gives to the container, as they may be shown.
    /// - Throws: ``Failure`` with code `definition-unfit`.
    static func check(
        _ container: TaskDefinitionSummary.Container, of family: String, running commands: [[String]],
        _ id: ResourceID
    ) throws(Failure) {
        let name = "container \(container.name) of \(family)"
        if container.restarts {
            throw Failure(
                .definitionUnfit,
                "\(name) has restartPolicy.enabled: ECS would run a finished migration again",
                of: id, hint: "turn its restart policy off, or name another container in taskDefinition.container")
        }
        if !container.isEssential {
            throw Failure(
                .definitionUnfit, "\(name) is not essential: its task would not end with the migration",
                of: id, hint: "make it essential, or name another container in taskDefinition.container")
        }
        switch container.entryPoint {
        case .none, .program: break
        case .script where !commands.isEmpty:
            throw Failure(
                .definitionUnfit,
                "\(name) has a shell script as its entryPoint that does not use its arguments: the command would be "
                    + "ignored, because RunTask replaces nothing else",
                of: id,
                hint: "move the script to \"command\" in the task definition, or end it with exec \"$@\"")
        case .shell, .script:
            guard let long = commands.first(where: { $0.count > 1 }) else { break }
            throw Failure(
                .definitionUnfit,
                "\(name) has a shell with -c as its entryPoint: it would run \(quoted(long[0])) and drop the other words "
                    + "of the command",
                of: id, hint: "write the command as one word: [\(quoted(ShellWord.line(long)))]")
        }
    }

    /// A volume that is configured at launch needs its configuration with each RunTask and each deployment. (ECS API
    /// Reference, RunTask and UpdateService, "volumeConfigurations".)
    ///
    /// - Throws: ``Failure`` with code `definition-unfit` where the service shows none.
    static func check(_ base: ServiceBase, configures volumes: [String], _ id: ResourceID) throws(Failure) {
        guard let missing = base.launchVolumes.first(where: { !volumes.contains($0) }) else { return }
        throw Failure(
            .definitionUnfit,
            "volume \(missing) of \(base.family) is configuredAtLaunch, and service \(base.service) has no configuration "
                + "for it",
            of: id,
            hint:
                "set volumeConfigurations of the service with your infrastructure code, or take configuredAtLaunch from "
                + "the volume")
    }
}
