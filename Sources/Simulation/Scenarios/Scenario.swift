/// A story that is played with and without faults: what is at the beginning, and what is done.
public struct Scenario: Sendable {
    public enum Act: Sendable {
        /// Launches, at the same time where there are several. A launch that dies is made again before the next act.
        case run([Launch])
        /// Time passes, in milliseconds.
        case pass(Int)
        /// An image does something else from now on.
        case change(tag: String, ImageScript)
        /// The ledger's file is gone.
        case lose(ledger: String)
        /// A machine is thrown away, with what it has of the shared ledger `a`.
        case renew(machine: String)
        /// The ledger's file is kept, to be put back later.
        case copy(ledger: String)
        case restore(ledger: String)
        /// A disk has done something to the ledger's file.
        case damage(ledger: String, Damage)
        /// The same at one moment while launches go on, in milliseconds after their beginning.
        case beside([Launch], after: Int, Elsewhere)
        /// Another user calls ECS.
        case elsewhere(Elsewhere)
        /// The database is rolled back by hand, or forward again, and a person declares it with a launch's manifest and
        /// ledger.
        ///
        /// - Parameter isTold: whether AWS takes the marks that tell it to others.
        case rollBack(to: String, Launch, isTold: Bool = true)
        /// The same at one moment while another launch goes on, as soon as nothing is at work on the database.
        ///
        /// - Parameter after: in milliseconds.
        case rollBackBeside(Launch, after: Int, to: String, Launch)
    }

    /// What SQLite has nothing against, and the ledger must.
    public enum Damage: Sendable {
        /// The last entry says something else.
        case changed
        /// The last entry is gone, with what is derived from it.
        case cutOff
    }

    /// What people and other tools do to the same services.
    public enum Elsewhere: Sendable {
        case scale(service: String, to: Int)
        /// Deploys what a service runs again and again, until ECS shows none of the events before.
        case redeploy(service: String)
        /// Lets a deployment go on that is paused.
        case letGoOn(service: String)
        /// Lets a service run another revision.
        case move(service: String, to: String)
        /// Lets auto scaling own a count while it keeps within bounds.
        case target(service: String, within: ClosedRange<Int>)
        /// Registers a revision of the family with an image.
        case register(family: String, tag: String)
        /// Deregisters all revisions of a family.
        case deregister(family: String)
        /// An earlier release of this tool leaves its mark, which names no cluster, on a family's newest revision.
        case mark(family: String, version: String)
    }

    public let name: String
    public var landscape = Landscape()
    public var acts: [Act]
    /// What must be converged to in the end.
    public var last: Launch
    /// How the launches of the acts end when nothing goes wrong, in order.
    public var ends: [Int32]

    public init(
        _ name: String, _ acts: [Act], last: Launch, ends: [Int32],
        landscape change: (inout Landscape) -> Void = { _ in }
    ) {
        self.name = name
        change(&landscape)
        self.acts = acts
        self.last = last
        self.ends = ends
    }
}
