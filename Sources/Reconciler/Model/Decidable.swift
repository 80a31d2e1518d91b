import Base
import JSON
import Ledger

/// What a person may decide of a resource: how an open step ended, that it is to end, and where the resource is although
/// nothing is open.
///
/// It refines no ``Resource``: what no one wants any more, such as a command that was started once, can still be decided on.
public protocol Decidable: StepOwner {
    /// Whether the end of a step may need a person; that of a question or a note does not.
    func needsDecision(_ order: Order) -> Bool

    /// What an open step has at work: as long as it is, no one can say how it ended. nil where nothing is.
    func underWay(_ step: Step, in context: Context) async throws(Failure) -> UnderWay?

    /// How an open step surely ended, where its program shows it; nil where only a person can tell.
    func shownEnd(_ step: Step, in context: Context) async throws(Failure) -> ShownEnd?

    /// Looks whether an open step has something at work that can be stopped.
    ///
    /// - Throws: ``Failure`` with code `nothing-open` where it has not.
    func checkStop(of step: Step, in context: Context) async throws(Failure)

    /// Stops what an open step has at work. How that ends, the next observation tells.
    ///
    /// - Returns: what was done, in a sentence.
    func stop(_ step: Step, reason: String, in context: Context) async throws(Failure) -> String

    /// What the ledger learns from a person's verdict.
    func facts(of step: Step, after verdict: Verdict) -> [Fact]

    /// What follows where a person says in which state the resource is.
    ///
    /// - Throws: ``Failure`` with code `nothing-open` where that cannot be said now, `migration-running` where something is
    ///   at work on it, `settings-missing` for a state that is none.
    func declaration(of state: String, in context: Context) async throws(Failure) -> StateDeclaration<Order>

    /// The calls that carry out a person's request about something under way. Anyone may have started it.
    ///
    /// - Throws: ``Failure`` with code `nothing-open` where there is nothing that could do it.
    func demand(_ demand: Demand, in context: Context) async throws(Failure) -> StateDeclaration<Order>

    /// Makes one of a declaration's calls.
    ///
    /// - Returns: how it ended, and what the ledger learns from it.
    func tell(_ step: Step, in context: Context) async throws(Failure) -> Settlement
}

/// What a person may ask of something that AWS is still at work on.
public enum Demand: Sendable, Equatable {
    /// That it goes on, where it waits for that.
    case goOn
    /// That it goes back to where it was.
    case rollBack
}

/// The program that an open step has at work.
public struct UnderWay: Sendable, Equatable {
    /// What it is, such as `task`.
    public let noun: String
    /// What it is doing, for people.
    public let state: String
    /// What it is known by.
    public let program: String
    /// Whether it may not have started at all: then there is nothing to stop, and a minute tells.
    public let mayNotExist: Bool
    public let way: Way

    /// How a person can have it end.
    public enum Way: Sendable {
        case stop
        /// It ends at its own time-out, and not before.
        case none
        /// It is told to go on or to go back.
        case demand
    }

    public init(_ noun: String, _ state: String, program: String, mayNotExist: Bool = false, way: Way = .stop) {
        self.noun = noun
        self.state = state
        self.program = program
        self.mayNotExist = mayNotExist
        self.way = way
    }
}

/// How a program surely ended.
public struct ShownEnd: Sendable, Equatable {
    public let isSuccess: Bool
    /// In a few words.
    public let summary: String
    /// What else a person may say; empty for nothing.
    public let advice: String
    /// What is known for good by it; nil where that follows from the person's verdict.
    public let facts: [Fact]?

    public init(isSuccess: Bool, _ summary: String, advice: String = "", facts: [Fact]? = nil) {
        self.facts = facts
        self.isSuccess = isSuccess
        self.summary = summary
        self.advice = advice
    }

    /// Whether a person says the contrary.
    func contradicts(_ verdict: Verdict) -> Bool { isSuccess != (verdict == .succeeded) }
}

/// What follows where a person says in which state a resource is of which nothing is open.
public struct StateDeclaration<Order: Record>: Sendable {
    /// In a few words, for the history.
    public let summary: String
    /// What the ledger learns.
    public let facts: [Fact]
    /// The verb of its calls.
    public let action: Action
    /// The calls that make it known outside this ledger.
    public let calls: [Intention<Order>]

    public init(_ summary: String, facts: [Fact], _ action: Action, calls: [Intention<Order>]) {
        self.summary = summary
        self.facts = facts
        self.action = action
        self.calls = calls
    }

    var erased: StateDeclaration<JSON> {
        StateDeclaration<JSON>(summary, facts: facts, action, calls: calls.map(\.erased))
    }
}

/// Most kinds have nothing of their own at work, and their state is what AWS shows.
extension Decidable {
    public func needsDecision(_ order: Order) -> Bool { true }

    public func underWay(_ step: Step, in context: Context) async throws(Failure) -> UnderWay? { nil }

    public func shownEnd(_ step: Step, in context: Context) async throws(Failure) -> ShownEnd? { nil }

    public func checkStop(of step: Step, in context: Context) async throws(Failure) {
        throw Failure(
            .nothingOpen, "\(id) has nothing at work that could be stopped", of: id,
            hint: "see what is open: reconcile status MANIFEST")
    }

    public func stop(_ step: Step, reason: String, in context: Context) async throws(Failure) -> String {
        throw .broken("\(id) has nothing to stop")
    }

    public func facts(of step: Step, after verdict: Verdict) -> [Fact] { [] }

    public func declaration(of state: String, in context: Context) async throws(Failure) -> StateDeclaration<Order> {
        throw Failure(
            .nothingOpen, "AWS shows in which state \(id) is: there is nothing to declare", of: id,
            hint: "--at is for schemas, such as schema/main: see reconcile status MANIFEST")
    }

    public func demand(_ demand: Demand, in context: Context) async throws(Failure) -> StateDeclaration<Order> {
        throw Failure(
            .nothingOpen, "only the deployment of a service can go on or be rolled back", of: id,
            hint: "--continue and --rollback are for services, such as service/web: see reconcile status MANIFEST")
    }

    public func tell(_ step: Step, in context: Context) async throws(Failure) -> Settlement {
        throw .broken("\(id) has nothing to tell")
    }
}

/// The same of an intent, as the ledger has it. What cannot be read is a person's to decide: nothing else can.
extension Decidable {
    /// Whether an intent waits for a decision about it.
    func waits(_ intent: Intent, in environment: String) -> Bool {
        intent.isAbout(self, in: environment) && needsDecision(intent)
    }

    func needsDecision(_ intent: Intent) -> Bool { Order(intent.order).map { needsDecision($0) } ?? true }

    func underWay(_ intent: Intent, in context: Context) async throws(Failure) -> UnderWay? {
        guard let step = Step(intent) else { return nil }
        return try await underWay(step, in: context)
    }

    func shownEnd(_ intent: Intent, in context: Context) async throws(Failure) -> ShownEnd? {
        guard let step = Step(intent) else { return nil }
        return try await shownEnd(step, in: context)
    }

    func checkStop(of intent: Intent, in context: Context) async throws(Failure) {
        try await checkStop(of: try read(intent), in: context)
    }

    func stop(_ intent: Intent, reason: String, in context: Context) async throws(Failure) -> String {
        try await stop(try read(intent), reason: reason, in: context)
    }

    func tell(_ intent: Intent, in context: Context) async throws(Failure) -> Settlement {
        try await tell(try read(intent), in: context)
    }

    func declared(_ state: String, in context: Context) async throws(Failure) -> StateDeclaration<JSON> {
        try await declaration(of: state, in: context).erased
    }

    func demanded(_ demand: Demand, in context: Context) async throws(Failure) -> StateDeclaration<JSON> {
        try await self.demand(demand, in: context).erased
    }

    func facts(of intent: Intent, after verdict: Verdict) -> [Fact] {
        Step(intent).map { facts(of: $0, after: verdict) } ?? []
    }
}
