import JSON

/// How an intent ended: what its outcome's entry says.
public struct OutcomeRecord: Record {
    public enum Result: String, Sendable {
        case succeeded, failed, abandoned
        /// A person's word: it may be done again, whatever it did.
        case rerun

        public init(_ verdict: Verdict) {
            self =
                switch verdict {
                case .succeeded: .succeeded
                case .failed: .failed
                case .rerun: .rerun
                }
        }
    }

    /// The number of the intent's entry.
    public let intent: Int64
    public let action: Action
    public let result: Result
    public var evidence: JSON?
    /// The failure's form in the ledger.
    public var failure: JSON?
    /// Why it was abandoned, or decided.
    public var reason: String?
    public var facts: [Fact] = []
    /// How long the step took, where one run saw both ends.
    public var milliseconds: Int?
    public var isByHand = false

    public init(of intent: Intent, _ result: Result) {
        self.intent = intent.sequence
        action = intent.action
        self.result = result
    }

    public init?(_ json: JSON) {
        guard let intent = json["intent"]?.integer, let action = json["action"]?.string.map(Action.init(_:)),
            let result = json["result"]?.string.flatMap(Result.init)
        else { return nil }
        self.intent = Int64(intent)
        self.action = action
        self.result = result
        evidence = json["evidence"]
        failure = json["failure"]
        reason = json["reason"]?.string
        facts = Fact.all(in: json)
        milliseconds = json["milliseconds"]?.integer
        isByHand = json["decidedByHand"]?.bool ?? false
    }

    public var json: JSON {
        .object(dropping: [
            "intent": .integer(Int(intent)), "action": .string(action.rawValue), "result": .string(result.rawValue),
            "evidence": evidence, "failure": failure, "reason": reason.map(JSON.string),
            "facts": result == .abandoned ? nil : .array(facts.map(\.json)),
            "milliseconds": milliseconds.map(JSON.integer), "decidedByHand": isByHand ? true : nil,
        ])
    }
}

/// A person's word on how a step ended.
public enum Verdict: String, Sendable, CaseIterable {
    case succeeded
    case failed
    /// It may be done again, whatever it did.
    case rerun
}
