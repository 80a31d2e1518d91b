import JSON

/// What an intent's entry says: the engine's own keys, and the order of the resource's kind.
struct IntentRecord: Record {
    let action: Action
    /// See ``Resource/subject``; nil where a release before 0.2 recorded none.
    var subject: String?
    /// Why, for people.
    var reason: String?
    /// What its kind wrote down, see ``Resource/Order``.
    let order: JSON

    init(_ action: Action, subject: String?, reason: String? = nil, order: JSON) {
        self.action = action
        self.subject = subject
        self.reason = reason
        self.order = order
    }

    init?(_ json: JSON) {
        guard let action = json["action"]?.string.map(Action.init(_:)) else { return nil }
        self.init(action, subject: json["subject"]?.string, reason: json["reason"]?.string, order: json)
    }

    var json: JSON {
        var json = order
        json["action"] = .string(action.rawValue)
        json["subject"] = subject.map(JSON.string)
        json["reason"] = reason.map(JSON.string) ?? order["reason"]
        return json
    }

    static func digest(in image: String) -> String? {
        image.firstIndex(of: "@").map { String(image[image.index(after: $0)...]) }
    }

    /// The digest of the image that it releases, where its order tells one.
    var imageDigest: String? {
        order["imageDigest"]?.string ?? order["image"]?.string.flatMap(Self.digest)
    }
}

/// What an entry says that is about an intent and not its end: the server's answer, or that there was none.
struct AnswerRecord: Record {
    /// The number of the intent's entry.
    let intent: Int64
    /// What the server answered, see ``Resource/Receipt``.
    var acceptance: JSON?
    /// Why there was no answer: the failure's form in the ledger.
    var failure: JSON?

    init(to intent: Int64, acceptance: JSON) {
        self.intent = intent
        self.acceptance = acceptance
    }

    init(to intent: Int64, failure: JSON) {
        self.intent = intent
        self.failure = failure
    }

    init?(_ json: JSON) {
        guard let intent = json["intent"]?.integer else { return nil }
        self.intent = Int64(intent)
        acceptance = json["acceptance"]
        failure = json["failure"]
    }

    var json: JSON {
        .object(dropping: ["intent": .integer(Int(intent)), "acceptance": acceptance, "failure": failure])
    }
}

/// What an adoption says: facts that the world or a person told.
struct AdoptionRecord: Record {
    let facts: [Fact]
    /// What a person said, in a few words, and why.
    var declared: (summary: String, reason: String)?

    init(_ facts: [Fact]) { self.facts = facts }

    init(_ json: JSON) {
        facts = Fact.all(in: json)
        guard let summary = json["summary"]?.string, let reason = json["reason"]?.string else { return }
        declared = (summary, reason)
    }

    var json: JSON {
        .object(dropping: [
            "facts": .array(facts.map(\.json)), "decidedByHand": declared.map { _ in true },
            "summary": (declared?.summary).map(JSON.string), "reason": (declared?.reason).map(JSON.string),
        ])
    }

    static func == (left: AdoptionRecord, right: AdoptionRecord) -> Bool { left.json == right.json }
}
