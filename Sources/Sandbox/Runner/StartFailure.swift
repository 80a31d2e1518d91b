import Subprocess

/// Why a container's process was never started, in the words of ECS (ECS Developer Guide, "Stopped task error messages").
enum StartFailure {
    static func reason(_ error: any Error, image: String) -> String {
        switch error {
        case ImageStore.Missing.image:
            "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref \(image): "
                + "\(image): not found"
        case ImageStore.Missing.unreadable(let why): "CannotPullContainerError: \(why)"
        case ProcessPlan.Unstartable.noCommand:
            "CannotCreateContainerError: Error response from daemon: no command specified"
        case ProcessPlan.Unstartable.notFound(let program):
            "CannotStartContainerError: Error response from daemon: failed to create task for container: failed to create "
                + "shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "
                + "\"\(program)\": executable file not found in $PATH: unknown"
        case let error as SubprocessError:
            "CannotStartContainerError: Error response from daemon: failed to create task for container: "
                + "\(error.underlyingError.map { "\($0)" } ?? "the process could not be started")"
        default: "CannotStartContainerError: the process could not be started"
        }
    }
}
