/// How long a test waits for what another program does: a bound for what never comes, far beyond what a busy machine takes.
public struct Patience: Sendable {
    private let end = ContinuousClock.now + .seconds(600)

    public init() {}

    public var isOver: Bool { ContinuousClock.now >= end }
}
