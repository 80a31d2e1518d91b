/// An address in a Terraform state, such as `output.vpc_id` or `module.vpc.aws_subnet.private["a"].id`, in steps.
struct StatePath: Equatable {
    enum Step: Equatable {
        case name(String)
        case index(Int)
        case key(String)

        /// As Terraform writes it behind a name; names have a dot before them.
        var text: String {
            switch self {
            case .name(let name): name
            case .index(let index): "[\(index)]"
            case .key(let key): "[\"\(key)\"]"
            }
        }
    }

    let steps: [Step]

    /// Whether it names an output of the root module.
    var isOutput: Bool {
        if steps.count > 1, steps[0] == .name("output"), case .name = steps[1] { true } else { false }
    }

    /// nil if the text is not an address.
    init?(_ text: String) {
        guard !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else { return nil }
        var steps: [Step] = []
        var rest = text[...]
        while !rest.isEmpty {
            if rest.first == "[" {
                guard !steps.isEmpty, let step = Self.bracket(&rest) else { return nil }
                steps.append(step)
            } else {
                if !steps.isEmpty {
                    guard rest.first == "." else { return nil }
                    rest.removeFirst()
                }
                let name = rest.prefix { $0 != "." && $0 != "[" }
                guard !name.isEmpty, name.utf8.allSatisfy(Self.isOfName) else { return nil }
                steps.append(.name(String(name)))
                rest = rest.dropFirst(name.count)
            }
        }
        guard !steps.isEmpty else { return nil }
        self.steps = steps
    }

    /// `[0]`, `["a"]`, or `['a']`, which needs no escapes within a JSON text.
    private static func bracket(_ rest: inout Substring) -> Step? {
        let inner = rest.dropFirst()
        guard let first = inner.first else { return nil }
        if first == "\"" || first == "'" {
            let body = inner.dropFirst()
            guard let close = body.firstIndex(of: first) else { return nil }
            let after = body[body.index(after: close)...]
            guard after.first == "]" else { return nil }
            rest = after.dropFirst()
            return .key(String(body[..<close]))
        }
        let digits = inner.prefix { $0.isASCII && $0.isNumber }
        guard let index = Int(digits), inner.dropFirst(digits.count).first == "]" else { return nil }
        rest = inner.dropFirst(digits.count + 1)
        return .index(index)
    }

    /// (Terraform language, "Identifiers": letters, digits, underscores and hyphens.)
    private static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: byte >= 0x80
        }
    }
}

/// The instance of a resource that an address names, and what of it.
struct ResourceAddress: Equatable {
    /// Empty for the root module.
    var module = ""
    var isData = false
    let type: String
    let name: String
    /// nil for a resource without `count` and `for_each`.
    let key: StatePath.Step?
    let attribute: [StatePath.Step]

    /// As Terraform writes it, without instance and attribute.
    var resource: String { (module.isEmpty ? "" : module + ".") + (isData ? "data." : "") + "\(type).\(name)" }

    init?(_ path: StatePath) {
        var rest = path.steps[...]
        func name() -> String? {
            guard case .name(let name)? = rest.first else { return nil }
            rest = rest.dropFirst()
            return name
        }
        func key() -> StatePath.Step? {
            guard let first = rest.first else { return nil }
            if case .name = first { return nil }
            rest = rest.dropFirst()
            return first
        }
        while rest.first == .name("module") {
            rest = rest.dropFirst()
            guard let called = name() else { return nil }
            module += (module.isEmpty ? "" : ".") + "module.\(called)\(key()?.text ?? "")"
        }
        if rest.first == .name("data") {
            rest = rest.dropFirst()
            isData = true
        }
        guard let type = name(), let called = name() else { return nil }
        (self.type, self.name) = (type, called)
        self.key = key()
        attribute = Array(rest)
    }
}
