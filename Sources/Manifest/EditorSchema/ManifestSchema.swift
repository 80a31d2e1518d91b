import JSON

/// The JSON Schema of a manifest, for editors: `manifests/manifest.schema.json`, made from the keys that the reader uses.
public enum ManifestSchema {
    /// As a file.
    public static var text: String { json.pretty() + "\n" }

    static var json: JSON {
        let head: JSON = [
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "Manifest of reconcile, version 1",
            "description": "The desired state of one environment. See docs/manifest.md.",
            "$comment":
                "The value of a variable is checked when the manifest is read. An optional null counts as left out.",
        ]
        var json = head.merging(of(RootKeys.section))
        json["$defs"] = [
            "variable": [
                "description": "A string with a variable in it, or with another literal ${.", "type": "string",
                "pattern": "\\$\\{",
            ],
            "duration": [
                "description": "Seconds, minutes or hours: 90s, 15m, 2h. More than zero, at most 24h.",
                "type": ["string", "null"],
                "anyOf": [
                    ["type": "null"],
                    ["pattern": "^0*([1-9][0-9]{0,3}|[1-7][0-9]{4}|8[0-5][0-9]{3}|86[0-3][0-9]{2}|86400)s$"],
                    ["pattern": "^0*([1-9][0-9]{0,2}|1[0-3][0-9]{2}|14[0-3][0-9]|1440)m$"],
                    ["pattern": "^0*([1-9]|1[0-9]|2[0-4])h$"],
                    SchemaRule.variable,
                ],
            ],
        ]
        return json
    }

    private static func of(_ section: ManifestSection) -> JSON {
        var json: JSON = [
            "type": section.isRequired ? "object" : ["object", "null"],
            "required": .array(section.keys.filter(\.isRequired).map { .string($0.name) }),
            "additionalProperties": false,
            "properties": .pairs(section.keys.map { ($0.name, property($0)) }),
        ]
        if json["required"] == [] { json["required"] = nil }
        let rules = SchemaRule.all[section.path] ?? []
        if !rules.isEmpty { json["allOf"] = .array(rules) }
        return json
    }

    private static func property(_ key: KeyFacts) -> JSON {
        var json: JSON = ["description": .string(description(key))]
        if case .standard(let value, _) = key.need { json["default"] = value }
        return json.merging(of(key.form, isRequired: key.isRequired))
    }

    /// Without Markdown's links and marks, as a sentence.
    private static func description(_ key: KeyFacts) -> String {
        let bounds = [key.form.bound, key.bound].filter { !$0.isEmpty }.joined(separator: ", ")
        let text = (key.meaning + (bounds.isEmpty ? "" : "; \(bounds)"))
            .replacing(#/\[([^\]]*)\]\([^)]*\)/#) { $0.output.1 }.replacing("`", with: "")
        return text.prefix(1).uppercased() + text.dropFirst() + "."
    }

    private static func of(_ form: KeyForm, isRequired: Bool) -> JSON {
        /// The names of a type, and of null where a key may be left out.
        func types(_ name: String) -> JSON { isRequired ? .string(name) : [.string(name), "null"] }
        /// What a value is, if it is no null and no text with a variable.
        func any(_ json: JSON) -> JSON {
            ["anyOf": isRequired ? [json, SchemaRule.variable] : [["type": "null"], json, SchemaRule.variable]]
        }
        switch form {
        case .any: return [:]
        case .text(.free): return ["type": types("string")]
        case .text(.filled): return ["type": types("string"), "minLength": 1]
        case .text(.letters(let letters)):
            return any(["type": "string", "pattern": .string(letters.pattern)])
        case .text(.pattern(let pattern, let most, _)):
            var text: JSON = ["type": "string", "pattern": .string(pattern)]
            text["maxLength"] = most.map(JSON.integer)
            return any(text)
        case .choice(let names): return any(["enum": .array(names.map(JSON.string))])
        case .flag: return any(["type": "boolean"])
        case .count(let range):
            return any([
                "type": "integer", "minimum": .integer(range.lowerBound), "maximum": .integer(range.upperBound),
            ])
        case .duration: return ["$ref": "#/$defs/duration"]
        case .strings: return ["type": types("array"), "minItems": 1, "items": ["type": "string"]]
        case .dictionary: return ["type": types("object"), "additionalProperties": ["type": "string"]]
        case .list: return ["type": types("array")]
        case .document(nil): return ["type": types("object")]
        case .document(let member?):
            let object: JSON = ["type": "object"]
            return [
                "type": types("object"), "required": [.string(member)], "properties": .pairs([(member, object)]),
            ]
        case .definition: return definition
        case .object(let section): return of(section)
        case .objects(let section): return ["type": "array", "minItems": 1, "items": of(section)]
        }
    }

    /// What every declared definition has; the rest is checked against the model of ECS when it is read.
    private static let definition: JSON = [
        "type": ["object", "null"],
        "required": ["family", "containerDefinitions"],
        "properties": [
            "family": ["type": "string", "minLength": 1],
            "containerDefinitions": [
                "type": "array", "minItems": 1,
                "items": [
                    "type": "object", "required": ["name"],
                    "properties": [
                        "name": ["type": "string", "minLength": 1],
                        "environment": [
                            "type": ["array", "null"],
                            "items": [
                                "type": "object", "required": ["name"],
                                "properties": [
                                    "name": ["type": "string", "minLength": 1],
                                    "value": ["type": ["string", "null"]],
                                ],
                            ],
                        ],
                    ],
                ],
            ],
        ],
    ]
}

extension JSON {
    /// With another object's members after its own.
    fileprivate func merging(_ other: JSON) -> JSON {
        var json = self
        for member in other.object?.members ?? [] { json[member.key] = member.value }
        return json
    }

    static func pairs(_ members: [(String, JSON)]) -> JSON {
        .object(members.reduce(into: JSONObject()) { $0[$1.0] = $1.1 })
    }
}

extension KeyForm {
    /// In Markdown; empty where there is none.
    var bound: String {
        switch self {
        case .text(let form): form.bound
        case .count(let range): "\(range.lowerBound) to \(range.upperBound)"
        case .duration: "24h"
        case .strings: "at least one"
        case .document(let member?): "needs `\(member)`"
        default: ""
        }
    }
}

extension TextForm {
    fileprivate var bound: String {
        switch self {
        case .free, .filled: ""
        case .letters(let letters): letters.bound
        case .pattern(_, _, let bound): bound
        }
    }
}

extension Letters {
    fileprivate var pattern: String { "^[A-Za-z0-9\(marks)]{1,\(most)}$" }
    fileprivate var bound: String { "1 to \(most) of `A-Za-z0-9\(marks)`" }
}
