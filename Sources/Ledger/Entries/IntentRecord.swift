import JSON

/// What an intent's entry says: the engine's own keys, and the order of the resource's kind.
public struct IntentRecord: Record {
    public let action: Action
    /// See ``Resource/subject``; nil where a release before 0.2 recorded none.
    public var subject: String?
    /// Why, for people.
    public var reason: String?
    /// What its kind wrote down, see ``Resource/Order``.
    public let order: JSON

    public init(_ action: Action, subject: String?, reason: String? = nil, order: JSON) {
        self.action = action
        self.subject = subject
        self.reason = reason
        self.order = order
    }

    public init?(_ json: JSON) {
        guard let action = json["action"]?.string.map(Action.init(_:)) else { return nil }
        self.init(action, subject: json["subject"]?.string, reason: json["reason"]?.string, order: json)
    }

    public var json: JSON {
        var json = order
        json["action"] = .string(action.rawValue)
        json["subject"] = subject.map(JSON.string)
        json["reason"] = reason.map(JSON.string) ?? order["reason"]
        return json
    }

    public static func digest(in image: String) -> String? {
        image.firstIndex(of: "@").map { String(image[image.index(after: $0)...]) }
    }

    /// The digest of the image that it releases, where its order tells one.
    public var imageDigest: String? {
        order["imageDigest"]?.string ?? order["image"]?.string.flatMap(Self.digest)
    }
}

/// What an entry says that is about an intent and not its end: the server's answer, or that there was none.
public struct AnswerRecord: Record {
    /// The number of the intent's entry.
    public let intent: Int64
    /// What the server answered, see ``Resource/Receipt``.
    public var acceptance: JSON?
    /// Why there was no answer: the failure's form in the ledger.
    public var failure: JSON?

    public init(to intent: Int64, acceptance: JSON) {
        self.intent = intent
        self.acceptance = acceptance
    }

    public init(to intent: Int64, failure: JSON) {
        self.intent = intent
        self.failure = failure
    }

    public init?(_ json: JSON) {
        guard let intent = json["intent"]?.integer else { return nil }
        self.intent = Int64(intent)
        acceptance = json["acceptance"]
        failure = json["failure"]
    }

    public var json: JSON {
        .object(dropping: ["intent": .integer(Int(intent)), "acceptance": acceptance, "failure": failure])
    }
}

/// What an adoption says: facts that the world or a person gave.
public struct AdoptionRecord: Record {
    public let facts: [Fact]
    /// What a person said, in a few words, and why.
    public var declared: (summary: String, reason: String)?

    public init(_ facts: [Fact]) { self.facts = facts }

    public init(_ json: JSON) {
        facts = Fact.all(in: json)
        guard let summary = json["summary"]?.string, let reason = json["reason"]?.string else { return }
        declared = (summary, reason)
    }

    public var json: JSON {
        .object(dropping: [
            "facts": .array(facts.map(\.json)), "decidedByHand": declared.map { _ in true },
            "summary": (declared?.summary).map(JSON.string), "reason": (declared?.reason).map(JSON.string),
        ])
    }

    public static func == (left: AdoptionRecord, right: AdoptionRecord) -> Bool { left.json == right.json }
}
