import JSON

/// What JSON Schema says about several keys of an object together.
enum SchemaRule {
    /// By the section's path.
    static let all: [String: [JSON]] = [
        "image": [notBoth(("tag", "string"), ("digest", "string"))],
        "taskDefinition": [
            notBoth(("file", "string"), ("definition", "object")),
            notBoth(("file", "string"), ("base", "string")),
            notBoth(("definition", "object"), ("base", "string")),
        ],
        "schema": [versions(in: .integer, "^[0-9]+$"), versions(in: .dotted, "^[0-9]+([.][0-9]+)*$")],
        "schema.migrate": [
            notBoth(("launchType", "string"), ("capacityProviderStrategy", "array")),
            lambda, noFunction, noTask(MigrateKeys.task.map(\.name)),
        ],
    ]

    /// A string with a variable in it: what its value is, only a run knows.
    static let variable: JSON = ["$ref": "#/$defs/variable"]

    /// Two keys that exclude each other, and the types of what they hold: a null counts as left out.
    static func notBoth(_ one: (key: String, type: JSON), _ other: (key: String, type: JSON)) -> JSON {
        let (types, others): (JSON, JSON) = (["type": one.type], ["type": other.type])
        return [
            "not": [
                "type": "object",
                "required": [.string(one.key), .string(other.key)],
                "properties": .pairs([(one.key, types), (other.key, others)]),
            ]
        ]
    }

    /// The versions that can be compared in an order.
    static func versions(in order: VersionOrder, _ pattern: String) -> JSON {
        [
            "if": ["required": ["order", "version"], "properties": ["order": ["const": .string(order.rawValue)]]],
            "then": [
                "properties": [
                    "version": [
                        "anyOf": [["enum": ["image", .null]], ["pattern": .string(pattern)], variable]
                    ]
                ]
            ],
        ]
    }

    static let lambda: JSON = [
        "if": ["required": ["runner"], "properties": ["runner": ["const": "lambda"]]],
        "then": ["required": ["function"], "properties": ["function": ["type": "string"]]],
    ]

    static let noFunction: JSON = [
        "if": [
            "anyOf": [
                ["not": ["required": ["runner"]]],
                ["properties": ["runner": ["enum": ["ecs-task", "process", .null]]]],
            ]
        ],
        "then": ["properties": ["function": ["type": "null"]]],
    ]

    /// The keys that mean nothing to other runners than ECS tasks.
    static func noTask(_ keys: [String]) -> JSON {
        let null: JSON = ["type": "null"]
        return [
            "if": ["required": ["runner"], "properties": ["runner": ["enum": ["lambda", "process"]]]],
            "then": ["properties": .pairs(keys.map { ($0, null) })],
        ]
    }
}
