import JSON

/// How an intent ended: what its outcome's entry says.
struct OutcomeRecord: Record {
    enum Result: String {
        case succeeded, failed, abandoned
        /// A person's word: it may be done again, whatever it did.
        case rerun

        init(_ verdict: Verdict) {
            self =
                switch verdict {
                case .succeeded: .succeeded
                case .failed: .failed
                case .rerun: .rerun
                }
        }
    }

    /// The number of the intent's entry.
    let intent: Int64
    let action: Action
    let result: Result
    var evidence: JSON?
    /// The failure's form in the ledger.
    var failure: JSON?
    /// Why it was abandoned, or decided.
    var reason: String?
    var facts: [Fact] = []
    /// How long the step took, where one run saw both ends.
    var milliseconds: Int?
    var isByHand = false

    init(of intent: Intent, _ result: Result) {
        self.intent = intent.sequence
        action = intent.action
        self.result = result
    }

    init?(_ json: JSON) {
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

    var json: JSON {
        .object(dropping: [
            "intent": .integer(Int(intent)), "action": .string(action.rawValue), "result": .string(result.rawValue),
            "evidence": evidence, "failure": failure, "reason": reason.map(JSON.string),
            "facts": result == .abandoned ? nil : .array(facts.map(\.json)),
            "milliseconds": milliseconds.map(JSON.integer), "decidedByHand": isByHand ? true : nil,
        ])
    }
}
