import Base
import JSON
import Ledger

/// What a person may decide of a resource: how an open step ended, that it is to end, and where the resource is although
/// nothing is open.
///
/// It refines no ``Resource``: what no one wants any more, such as a command that was started once, can still be decided on.
public protocol Decidable: Sendable {
    /// See ``Resource/Order``.
    associatedtype Order: Record
    /// See ``Resource/Receipt``.
    associatedtype Receipt: Record

    var id: ResourceID { get }
    /// See ``Resource/formerNames``.
    var formerNames: [ResourceID] { get }
    /// See ``Resource/subject``.
    var subject: String { get }
    /// See ``Resource/isShared``.
    var isShared: Bool { get }

    /// Whether the end of a step may need a person; that of a question or a note does not.
    func needsDecision(_ order: Order) -> Bool

    /// What an open step has at work: as long as it is, no one can say how it ended. nil where nothing is.
    func underWay(_ step: Pending<Order, Receipt>, in context: Context) async throws(Failure) -> UnderWay?

    /// How an open step surely ended, where its program shows it; nil where only a person can tell.
    func shownEnd(_ step: Pending<Order, Receipt>, in context: Context) async throws(Failure) -> ShownEnd?

    /// Looks whether an open step has something at work that can be stopped.
    ///
    /// - Throws: ``Failure`` with code `nothing-open` where it has not.
    func checkStop(of step: Pending<Order, Receipt>, in context: Context) async throws(Failure)

    /// Stops what an open step has at work. How that ends, the next observation tells.
    ///
    /// - Returns: what was done, in a sentence.
    func stop(_ step: Pending<Order, Receipt>, reason: String, in context: Context) async throws(Failure) -> String

    /// What the ledger learns from a person's verdict.
    func facts(of step: Pending<Order, Receipt>, after verdict: Verdict) -> [Fact]

    /// What follows where a person says in which state the resource is.
    ///
    /// - Throws: ``Failure`` with code `nothing-open` where that cannot be said now, `migration-running` where something is
    ///   at work on it, `settings-missing` for a state that is none.
    func declaration(of state: String, in context: Context) async throws(Failure) -> StateDeclaration<Order>

    /// Makes one of a declaration's calls.
    ///
    /// - Returns: what the ledger learns from it.
    func tell(_ step: Pending<Order, Receipt>, in context: Context) async throws(Failure) -> [Fact]
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
    public let canStop: Bool

    public init(_ noun: String, _ state: String, program: String, mayNotExist: Bool = false, canStop: Bool = true) {
        self.noun = noun
        self.state = state
        self.program = program
        self.mayNotExist = mayNotExist
        self.canStop = canStop
    }
}

/// How a program surely ended.
public struct ShownEnd: Sendable, Equatable {
    public let isSuccess: Bool
    /// In a few words.
    public let summary: String

    public init(isSuccess: Bool, _ summary: String) {
        self.isSuccess = isSuccess
        self.summary = summary
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
        StateDeclaration<JSON>(
            summary, facts: facts, action, calls: calls.map { Intention(token: $0.token, order: $0.order.json) })
    }
}

/// Most kinds have nothing of their own at work, and their state is what AWS shows.
extension Decidable {
    public func needsDecision(_ order: Order) -> Bool { true }

    public func underWay(_ step: Pending<Order, Receipt>, in context: Context) async throws(Failure) -> UnderWay? {
        nil
    }

    public func shownEnd(_ step: Pending<Order, Receipt>, in context: Context) async throws(Failure) -> ShownEnd? {
        nil
    }

    public func checkStop(of step: Pending<Order, Receipt>, in context: Context) async throws(Failure) {
        throw Failure(
            .nothingOpen, "\(id) has nothing at work that could be stopped", of: id,
            hint: "see what is open: reconcile status MANIFEST")
    }

    public func stop(
        _ step: Pending<Order, Receipt>, reason: String, in context: Context
    ) async throws(Failure) -> String {
        throw .broken("\(id) has nothing to stop")
    }

    public func facts(of step: Pending<Order, Receipt>, after verdict: Verdict) -> [Fact] { [] }

    public func declaration(
        of state: String, in context: Context
    ) async throws(Failure) -> StateDeclaration<Order> {
        throw Failure(
            .nothingOpen, "AWS shows in which state \(id) is: there is nothing to declare", of: id,
            hint: "--at is for schemas, such as schema/main: see reconcile status MANIFEST")
    }

    public func tell(_ step: Pending<Order, Receipt>, in context: Context) async throws(Failure) -> [Fact] {
        throw .broken("\(id) has nothing to tell")
    }
}
