/// A JSON value. Objects keep the order in which their members were written; ``canonical`` does not depend on it.
public enum JSON: Sendable, Hashable {
    case null
    case bool(Bool)
    case integer(Int)
    case double(Double)
    case string(String)
    case array([JSON])
    case object(JSONObject)
}

/// The members of a JSON object, in order, each key once.
public struct JSONObject: Sendable, Hashable {
    public struct Member: Sendable, Hashable {
        public var key: String
        public var value: JSON

        public init(_ key: String, _ value: JSON) {
            self.key = key
            self.value = value
        }
    }

    public private(set) var members: [Member]
    /// Where each key is, once there are too many to look through them each time.
    private var places: [String: Int]?

    private static let manyMembers = 16

    public init() { members = [] }

    /// - Parameter members: keys must differ; the parser has checked that of its own.
    init(unchecked members: [Member]) {
        self.members = members
        index()
    }

    public var keys: [String] { members.map(\.key) }
    public var isEmpty: Bool { members.isEmpty }

    /// The member's value; assigning nil removes the member.
    public subscript(key: String) -> JSON? {
        get { place(of: key).map { members[$0].value } }
        set {
            switch (place(of: key), newValue) {
            case (let place?, let value?): members[place].value = value
            case (let place?, nil):
                members.remove(at: place)
                index()
            case (nil, let value?):
                members.append(Member(key, value))
                if places == nil { index() } else { places?[key] = members.count - 1 }
            case (nil, nil): break
            }
        }
    }

    private func place(of key: String) -> Int? {
        if let places { return places[key] }
        return members.firstIndex { $0.key == key }
    }

    private mutating func index() {
        places = nil
        guard members.count > Self.manyMembers else { return }
        places = Dictionary(
            members.enumerated().map { ($0.element.key, $0.offset) }, uniquingKeysWith: { first, _ in first })
    }

    // What is only for speed has no part in what an object is.
    public static func == (left: JSONObject, right: JSONObject) -> Bool { left.members == right.members }
    public func hash(into hasher: inout Hasher) { hasher.combine(members) }
}

extension JSON {
    /// The member's value where this is an object that has it. Assigning makes an object of any other value.
    public subscript(key: String) -> JSON? {
        get { object?[key] }
        set {
            var object = self.object ?? JSONObject()
            object[key] = newValue
            self = .object(object)
        }
    }

    public var object: JSONObject? { if case .object(let object) = self { object } else { nil } }
    public var array: [JSON]? { if case .array(let array) = self { array } else { nil } }
    public var string: String? { if case .string(let string) = self { string } else { nil } }
    public var bool: Bool? { if case .bool(let bool) = self { bool } else { nil } }
    public var isNull: Bool { self == .null }

    /// The integer, also where it was written with a fraction of zero (`1.0`).
    public var integer: Int? {
        switch self {
        case .integer(let integer): integer
        case .double(let double): Int(exactly: double)
        default: nil
        }
    }

    /// The number, also where it was written as an integer.
    public var double: Double? {
        switch self {
        case .integer(let integer): Double(integer)
        case .double(let double): double
        default: nil
        }
    }

    /// The elements, or none where this is no array. For answers in which a missing list means an empty one.
    public var elements: [JSON] { array ?? [] }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(integerLiteral value: Int) { self = .integer(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(arrayLiteral elements: JSON...) { self = .array(elements) }

    /// The members in the order written; of equal keys the last one counts.
    public init(dictionaryLiteral elements: (String, JSON)...) {
        var object = JSONObject()
        for (key, value) in elements { object[key] = value }
        self = .object(object)
    }

    /// An object of those members whose value is not nil: for requests with optional members.
    public static func object(dropping members: KeyValuePairs<String, JSON?>) -> JSON {
        var object = JSONObject()
        for (key, value) in members where value != nil { object[key] = value }
        return .object(object)
    }

    public init(_ strings: [String]) { self = .array(strings.map(JSON.string)) }
}

/// What has one form in JSON.
public protocol JSONValue {
    var json: JSON { get }
}

extension JSON: JSONValue {
    public var json: JSON { self }

    /// An object of those members that are not nil, each in its JSON form.
    public static func members(_ members: KeyValuePairs<String, (any JSONValue)?>) -> JSON {
        var object = JSONObject()
        for (key, value) in members { if let value { object[key] = value.json } }
        return .object(object)
    }
}

extension String: JSONValue { public var json: JSON { .string(self) } }
extension Int: JSONValue { public var json: JSON { .integer(self) } }
extension Int64: JSONValue { public var json: JSON { .integer(Int(self)) } }
extension Bool: JSONValue { public var json: JSON { .bool(self) } }
extension Array: JSONValue where Element: JSONValue { public var json: JSON { .array(map(\.json)) } }

extension Optional where Wrapped: JSONValue {
    /// For members that are always there.
    public var orNull: JSON { self?.json ?? .null }
}
