import Base
import JSON
import Ledger

extension Resolution {
    /// Records in which state the resource is, then makes the calls that tell it to others, each as often as it takes: the
    /// same call again changes nothing.
    ///
    /// - Returns: what was said, in a few words.
    /// - Throws: what ``Decidable/declaration(of:in:)`` throws; or the failure of the first call that failed: what was said
    ///   is in the ledger all the same.
    public func declare(_ state: String, reason: String, record: RunRecord) async throws(Failure) -> String {
        try await context.holding(locks, record) { (_) async throws(Failure) in
            let declaration = try await resource.declared(state, in: context)
            guard let failure = try await carryOut(declaration, reason, record, isFact: true) else {
                return declaration.summary
            }
            throw failure.with { $0.cause.append(Self.unmarked) }
        }
    }

    /// Records what is asked of something that is under way, by whom and why, and makes the calls that ask for it.
    ///
    /// - Returns: what was asked for, in a few words.
    /// - Throws: what ``Decidable/demand(_:in:)`` throws; or the failure of the call.
    public func demand(_ demand: Demand, reason: String, record: RunRecord) async throws(Failure) -> String {
        try await context.holding(locks, record) { (_) async throws(Failure) in
            let declaration = try await resource.demanded(demand, in: context)
            if let failure = try await carryOut(declaration, reason, record, isFact: false) { throw failure }
            return declaration.summary
        }
    }

    /// - Parameter isFact: whether what is said holds whatever becomes of the calls; else once they are made.
    /// - Returns: the failure of the first call that failed.
    private func carryOut(
        _ declaration: StateDeclaration<JSON>, _ reason: String, _ record: RunRecord, isFact: Bool
    ) async throws(Failure) -> Failure? {
        let run = try await context.begin(record)
        var adoption = AdoptionRecord(declaration.facts)
        adoption.declared = (declaration.summary, reason)
        if isFact { try await append(.adopted, of: run, token: "", adoption.json) }
        let recorder = Recorder(run: run, context: context.silent)
        var first: Failure?
        for call in declaration.calls {
            let record = IntentRecord(
                declaration.action, subject: resource.subject, reason: isFact ? nil : reason, order: call.order)
            do throws(Failure) {
                try await tell(try await intend(record, token: call.token, of: run), recorder)
            } catch {
                first = first ?? error
            }
        }
        if !isFact, first == nil { try await append(.adopted, of: run, token: "", adoption.json) }
        try await recorder.end(first)
        return first
    }

    private func tell(_ intent: Intent, _ recorder: Recorder) async throws(Failure) {
        var tries = Tries()
        while true {
            do {
                return try await recorder.settle(intent, try await resource.tell(intent, in: context))
            } catch let error where error.isTransient && error.exit != .ledger {
                tries.add(error)
                do throws(Failure) { try await Retry(in: context).pause(after: error, tries) } catch {
                    try await recorder.fail(intent, error)
                    throw error
                }
            } catch {
                try await recorder.fail(intent, error)
                throw error
            }
        }
    }

    private static let unmarked =
        "what you said is in this ledger, and the next apply with it sets the mark; any other ledger does not know of it "
        + "until then"
}
