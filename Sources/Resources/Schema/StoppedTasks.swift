import AWS

/// Tasks that have stopped, each as it was when that was seen: they change no more, and need not be read again while their
/// logs are.
actor StoppedTasks {
    private var tasks: [String: ECSTask] = [:]

    func remember(_ task: ECSTask) {
        if task.lastStatus == "STOPPED" { tasks[task.arn] = task }
    }

    func task(_ arn: String) -> ECSTask? { tasks[arn] }
}
