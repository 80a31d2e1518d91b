import JSON

/// What of a creation may be a secret: the options of a log driver, such as a token. (ECS API Reference, LogConfiguration.)
enum CreationSecrets {
    /// The request with such values hidden.
    static func hidden(_ json: JSON) -> JSON {
        switch json {
        case .object(let members):
            var shown = JSON.object(members)
            for member in members.members {
                shown[member.key] = member.key == "options" ? names(member.value) : hidden(member.value)
            }
            return shown
        case .array(let elements): return .array(elements.map(hidden))
        default: return json
        }
    }

    private static func names(_ options: JSON) -> JSON {
        var shown = options
        for member in options.object?.members ?? [] { shown[member.key] = "(hidden)" }
        return shown
    }

    /// Such values by their names.
    static func values(of json: JSON) -> [String: String] {
        var found: [String: String] = [:]
        collect(json, into: &found)
        return found
    }

    private static func collect(_ json: JSON, into found: inout [String: String]) {
        for member in json.object?.members ?? [] {
            if member.key == "options" {
                for option in member.value.object?.members ?? [] { found[option.key] = option.value.string }
            } else {
                collect(member.value, into: &found)
            }
        }
        for element in json.array ?? [] { collect(element, into: &found) }
    }
}
