import Reconciler

/// What a command that only looks says while it looks: why it has to try again, and what it could not read.
enum LookTalk {
    static func emit(_ environment: String, _ options: CommonOptions) -> @Sendable (Event) -> Void {
        let isQuiet = options.quiet
        return { event in
            guard case .warning(let resource, let text) = event, !isQuiet else { return }
            let place = resource.map { "\(environment) \($0)" } ?? environment
            Terminal.writeFenced("\(place)  warning: \(text)\n", to: .error)
        }
    }
}
