import JSON

/// A Terraform state of format version 4: the outputs of the root module, and the attributes of resources.
///
/// (Terraform, internal/states/statefile/version4.go. The format is not documented, but has been the same since Terraform 0.12,
/// and OpenTofu's, too.)
public struct TerraformState: Sendable {
    private let outputs: JSON
    private let resources: [JSON]

    /// Why a text is not a Terraform state.
    public struct Unreadable: Error, Equatable {
        public let reason: String
        public let hint: String
    }

    public init(_ bytes: [UInt8]) throws(Unreadable) {
        let json: JSON
        do { json = try JSON.parse(bytes) } catch {
            throw Unreadable(
                reason: "it is not JSON", hint: "name the state itself: terraform state pull prints it")
        }
        guard json["encrypted_data"] == nil else {
            throw Unreadable(
                reason: "it is encrypted, which is not supported",
                hint: "pass what is needed with --var: --var NAME=\"$(tofu output -raw NAME)\"")
        }
        guard json["version"]?.integer == 4 else {
            let version = json["version"]?.integer.map { "it has the format version \($0)" }
            throw Unreadable(
                reason: version ?? "it is not a Terraform state",
                hint: "name a state of format version 4, as Terraform 0.12 and later write it")
        }
        outputs = json["outputs"] ?? [:]
        resources = json["resources"]?.elements ?? []
    }

    /// - Returns: nil if the text is not an address.
    func answer(to address: String) -> LookupAnswer? {
        guard let path = StatePath(address) else { return nil }
        if path.isOutput { return output(path, address) }
        return ResourceAddress(path).map { attribute($0, address) }
    }

    private func output(_ path: StatePath, _ address: String) -> LookupAnswer {
        let name = path.steps[1].text
        guard let output = outputs[name] else {
            return .absent(
                "the Terraform state has no output \(name)", word: name, near: outputs.object?.keys ?? [])
        }
        guard output["sensitive"]?.bool != true else {
            return .refused(
                "the output \(name) is sensitive, and a manifest cannot hold a secret",
                hint: "give it to the container with \"secrets\", from Secrets Manager or the Parameter Store")
        }
        return Self.value(output["value"] ?? .null, path.steps.dropFirst(2), address)
    }

    private func attribute(_ address: ResourceAddress, _ text: String) -> LookupAnswer {
        guard case .name(let attribute)? = address.attribute.first else {
            return .refused(
                "\(text) is a resource, not one of its attributes", hint: "add an attribute: ${tfstate:\(text).id}")
        }
        let same = resources.filter {
            ($0["module"]?.string ?? "") == address.module
                && ($0["mode"]?.string == "data") == address.isData && $0["type"]?.string == address.type
        }
        guard let resource = same.first(where: { $0["name"]?.string == address.name }) else {
            return .absent(
                "the Terraform state has no \(address.resource)", word: address.name,
                near: same.compactMap { $0["name"]?.string })
        }
        let instances = (resource["instances"]?.elements ?? []).filter { $0["deposed"] == nil }
        guard let instance = instances.first(where: { Self.key(of: $0) == address.key }) else {
            let keys = instances.compactMap { Self.key(of: $0)?.text }
            if address.key == nil, let key = keys.first {
                return .refused(
                    "\(address.resource) has several instances",
                    hint:
                        "name one of them: ${tfstate:\(address.resource)\(key.replacing("\"", with: "'")).\(attribute)}"
                )
            }
            return .absent(
                "the Terraform state has no \(address.resource)\(address.key?.text ?? "")",
                word: address.key?.text ?? "", near: keys)
        }
        if Self.isSensitive(address, attribute, instance) {
            return .refused(
                "\(text) is sensitive, and a manifest cannot hold a secret",
                hint: "give it to the container with \"secrets\", from Secrets Manager or the Parameter Store")
        }
        return Self.value(instance["attributes"] ?? [:], address.attribute[...], text)
    }

    private static func key(of instance: JSON) -> StatePath.Step? {
        guard let key = instance["index_key"] else { return nil }
        return key.integer.map(StatePath.Step.index) ?? key.string.map(StatePath.Step.key)
    }

    /// Whatever is marked below an attribute makes all of it sensitive, and so does a mark that is not understood.
    private static func isSensitive(_ address: ResourceAddress, _ attribute: String, _ instance: JSON) -> Bool {
        for path in instance["sensitive_attributes"]?.elements ?? [] {
            let first = (path.array?.first ?? path)["value"]?.string
            if first == nil || first == attribute { return true }
        }
        let names = address.attribute.compactMap { step -> String? in
            if case .name(let name) = step { name } else { nil }
        }
        return GuardedName.isGuarded(attribute: names, ofResource: address.type)
    }

    private static func value(_ json: JSON, _ steps: ArraySlice<StatePath.Step>, _ address: String) -> LookupAnswer {
        var json = json
        for step in steps {
            let found: JSON?
            var near: [String] = []
            switch step {
            case .index(let index): found = json.elements.indices.contains(index) ? json.elements[index] : nil
            case .name(let name), .key(let name): (found, near) = (json[name], json.object?.keys ?? [])
            }
            guard let found else {
                return .absent(
                    "the Terraform state has no \(address)", word: step.text, near: near)
            }
            json = found
        }
        switch json {
        case .null: return .absent("\(address) is null in the Terraform state", word: "", near: [])
        case .string(let text): return .value(text)
        case .array:
            return .refused("\(address) is a list", hint: "name one of its elements: ${tfstate:\(address)[0]}")
        case .object:
            return .refused("\(address) is an object", hint: "name one of its members: ${tfstate:\(address).NAME}")
        default: return .value(json.compact)
        }
    }
}
