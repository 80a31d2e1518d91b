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
            let run = try await context.begin(record)
            var adoption = AdoptionRecord(declaration.facts)
            adoption.declared = (declaration.summary, reason)
            try await append(.adopted, of: run, token: "", adoption.json)
            let recorder = Recorder(run: run, context: context.silent)
            var first: Failure?
            for call in declaration.calls {
                let record = IntentRecord(declaration.action, subject: resource.subject, order: call.order)
                do throws(Failure) {
                    try await tell(try await intend(record, token: call.token, of: run), recorder)
                } catch {
                    first = first ?? error
                }
            }
            try await recorder.end(first)
            if let first { throw first.with { $0.cause.append(Self.unmarked) } }
            return declaration.summary
        }
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
