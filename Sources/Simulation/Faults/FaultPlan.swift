/// Which faults a run meets. Decided by counters and by the seed, never by time.
public struct FaultPlan: Sendable {
    /// One fault at one point of one launch.
    public struct Strike: Sendable, Hashable, CustomStringConvertible {
        public let launch: Int
        public let index: Int
        public let fault: Fault

        public init(launch: Int, index: Int, fault: Fault) {
            self.launch = launch
            self.index = index
            self.fault = fault
        }

        public var description: String { "\(launch):\(index):\(fault.rawValue)" }
    }

    /// A fault at every point of a name, so many times, and then perhaps another one once.
    public struct Siege: Sendable {
        public let name: String
        public let fault: Fault
        public private(set) var times: Int
        public private(set) var then: Fault?

        public init(name: String, fault: Fault, times: Int, then: Fault? = nil) {
            self.name = name
            self.fault = fault
            self.times = times
            self.then = then
        }

        /// What strikes next.
        mutating func strike() -> Fault? {
            if times > 0 {
                times -= 1
                return fault
            }
            defer { then = nil }
            return then
        }
    }

    /// Chance: a fault of the kinds once in so many points.
    public struct Weather: Sendable {
        public var kinds: [Fault]
        public var onceIn: Int
        /// Strikes at most: a run in which everything fails shows nothing.
        public var most: Int

        public init(kinds: [Fault], onceIn: Int, most: Int) {
            self.kinds = kinds
            self.onceIn = onceIn
            self.most = most
        }
    }

    /// Fails the ledger's n-th use and, where it is persistent, all after it.
    public struct LedgerFault: Sendable {
        public let nth: Int
        public let fault: Fault
        public let isPersistent: Bool

        public init(nth: Int, fault: Fault, isPersistent: Bool) {
            self.nth = nth
            self.fault = fault
            self.isPersistent = isPersistent
        }
    }

    public var strikes: [Strike] = []
    public var siege: Siege?
    public var weather: Weather?
    public var ledger: LedgerFault?
    /// How old a stale read is at most, in milliseconds.
    public var staleness = 20_000
    /// What has struck, so that it can be played again without chance.
    public private(set) var struck: [Strike] = []

    /// How often a ledger was read or written.
    public private(set) var ledgerUses = 0
    // One for each purpose: what struck can be played again without chance, and everything else stays as it was.
    private var weatherGenerator: SeededGenerator
    private var latencyGenerator: SeededGenerator
    private var ageGenerator: SeededGenerator

    public init(seed: UInt64 = 0) {
        weatherGenerator = SeededGenerator(seed: seed)
        latencyGenerator = SeededGenerator(seed: seed ^ 0x1a7e)
        ageGenerator = SeededGenerator(seed: seed ^ 0xa9e)
    }

    /// No more faults from here on.
    public mutating func calm() {
        strikes = []
        siege = nil
        weather = nil
        ledger = nil
    }

    /// What goes wrong at a point; asked once for each.
    mutating func fault(at point: Point) -> Fault? {
        guard let fault = decide(at: point) else { return nil }
        struck.append(Strike(launch: point.launch, index: point.index, fault: fault))
        return fault
    }

    private mutating func decide(at point: Point) -> Fault? {
        if point.kind == .ledgerRead || point.kind == .ledgerWrite { ledgerUses += 1 }
        if let strike = strikes.first(where: { $0.launch == point.launch && $0.index == point.index }),
            point.kind != .ledgerRead
        {
            return strike.fault
        }
        if let ledger, point.kind == .ledgerRead || point.kind == .ledgerWrite {
            let isStruck = ledger.isPersistent ? ledgerUses >= ledger.nth : ledgerUses == ledger.nth
            return isStruck ? ledger.fault : nil
        }
        if siege?.name == point.name, let fault = siege?.strike() { return fault }
        return storm(at: point)
    }

    private mutating func storm(at point: Point) -> Fault? {
        guard let weather, weather.most > 0, point.kind != .ledgerRead, weatherGenerator.once(in: weather.onceIn) else {
            return nil
        }
        let possible = weather.kinds.filter { kind in
            switch point.kind {
            case .call(let name) where Point.ofStores.contains(name):
                Fault.ofStores.contains(kind) || Fault.ends.contains(kind)
            case .call(let name) where kind == .paused: !Point.mutating.contains(name)
            case .call: Fault.ofCalls.contains(kind) || Fault.ends.contains(kind)
            case .ledgerWrite: Fault.ofLedgers.contains(kind) || Fault.ends.contains(kind)
            case .ledgerRead: false
            }
        }
        guard !possible.isEmpty else { return nil }
        self.weather?.most -= 1
        return weatherGenerator.pick(possible)
    }

    /// How old a stale read is, in milliseconds.
    mutating func age() -> Int { ageGenerator.below(staleness) + 1 }

    /// How long a call takes, in milliseconds.
    mutating func latency() -> Int { latencyGenerator.below(20) + 5 }
}
