import Base
import Ledger
import Time

/// What an invocation lends to everything in it: time, the ledger, where to tell of progress. No globals anywhere else.
public struct Context: Sendable {
    public let environment: String
    public let ledger: Ledger
    /// What earlier runs have read from the same AWS.
    public let cache: any AWSCache
    public let clock: EngineClock
    /// AWS's time now; nil while it is not known for certain.
    public let awsTime: @Sendable () -> Timestamp?
    /// How long this process has known each intent.
    public let intentClock: IntentClock
    /// A number from 0 up to 1, so that runs which failed together do not try again together.
    public let jitter: @Sendable () -> Double
    public private(set) var emit: @Sendable (Event) -> Void
    /// What has failed for a moment so far.
    let retries: RetryNotices

    public init(
        environment: String, ledger: Ledger, cache: any AWSCache, clock: EngineClock,
        awsTime: @escaping @Sendable () -> Timestamp?,
        jitter: @escaping @Sendable () -> Double, emit: @escaping @Sendable (Event) -> Void
    ) {
        self.environment = environment
        self.ledger = ledger
        self.cache = cache
        self.clock = clock
        self.awsTime = awsTime
        self.jitter = jitter
        self.emit = emit
        intentClock = IntentClock(clock)
        retries = RetryNotices(clock)
    }

    /// The same without a word: for a look at what another run has started.
    public var silent: Context {
        var context = self
        context.emit = { _ in }
        return context
    }

    /// Says that something failed for a moment and is tried again, and why.
    func triesAgain(after failure: Failure) {
        retries.count(failure)
        say(failure)
    }

    /// The same of one of many calls that read: what is said of all of them is said now and then.
    public func readsAgain(after failure: Failure) {
        retries.count(failure)
        if retries.mayBeSaid(failure) { say(failure) }
    }

    private func say(_ failure: Failure) {
        emit(.warning(failure.resource, "\(Tries.reason(of: failure)); trying again"))
    }
}
