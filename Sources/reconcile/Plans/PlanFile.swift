import Base
import Hashing
import JSON
import Manifest
import Reconciler
import Resources

/// A plan that waits for approval, as a file: what would be done, and what it was made from. No value of any secret is
/// in it, and nothing vouches for it: apply plans again and compares.
struct PlanFile: Sendable {
    /// What one manifest needs.
    struct Member: Sendable {
        let path: String
        /// SHA-256 of the manifest's bytes.
        let manifest: String
        let variables: Variables?
        let plan: JSON

        fileprivate var json: JSON {
            .members([
                "path": path, "manifest": manifest, "variables": variables.map { JSON($0.names) },
                "values": variables?.digest, "plan": plan,
            ])
        }
    }

    /// What a manifest's variables stood for. They may decide how an end is judged without being a part of any step.
    struct Variables: Sendable, Equatable {
        let names: [String]
        /// Of all values, see ``PlanFile/digest(of:salt:)``.
        let digest: String
    }

    /// Where it lies; nil for one that is not written yet.
    var path: String?
    let overrides: Overrides
    let terms: ReleaseTerms
    let members: [Member]

    private static let format = 4

    /// The command that makes it again, as one would type it.
    ///
    /// - Parameter path: of its file.
    func command(at path: String) -> String {
        let options = CommandHint(overrides: overrides).words(of: "plan") + ReleaseOptions.words(terms)
        return ShellWord.line(["reconcile", "plan"] + members.map(\.path) + options + ["--out", path])
    }

    // MARK: - The file

    /// One line for each manifest, so that two files can be compared by eye.
    var text: String {
        let head: JSON = .members([
            "imageTag": overrides.imageTag, "imageDigest": overrides.imageDigest,
            "schemaVersion": overrides.schemaVersion, "region": overrides.region,
            "retryFailed": terms.retriesFailed ? true : nil, "sequence": terms.sequence?.number,
            "allowOlder": terms.sequence?.allowsOlder == true ? true : nil,
        ])
        let lines = members.map { "    \($0.json.canonical)" }.joined(separator: ",\n")
        let body = "  \"overrides\": \(head.canonical),\n  \"manifests\": [\n\(lines)\n  ]\n}\n"
        // A part that was taken out leaves no other trace.
        let digest = Hex.encode(SHA256.hash(Array(body.utf8)))
        return "{\n  \"reconcilePlan\": \(Self.format),\n  \"digest\": \"\(digest)\",\n\(body)"
    }

    /// - Returns: nil for a file that is no plan, such as a manifest.
    /// - Throws: ``Failure`` with code `plan-changed` for a plan of another format, or one that is not as it was written.
    static func read(_ path: String) throws(Failure) -> PlanFile? {
        // What cannot be read fails where it is read as a manifest.
        let bytes: [UInt8]
        do { bytes = try Inputs.read(path) } catch {
            if error.code == .deadlineReached { throw error }
            return nil
        }
        let text = String(decoding: bytes, as: UTF8.self)
        guard text.contains("\"reconcilePlan\"") else { return nil }
        let json: JSON
        do { json = try JSON.parse(text) } catch {
            throw unreadable(path, "it is not JSON: \(error.message)")
        }
        guard json["reconcilePlan"] != nil else { return nil }
        guard json["reconcilePlan"]?.integer == format else {
            throw unreadable(path, "it was written by another release")
        }
        let overrides = try overrides(json, path)
        var members: [Member] = []
        for element in json["manifests"]?.elements ?? [] {
            try known(["path", "manifest", "variables", "values", "plan"], in: element, " in a manifest", path)
            guard let manifest = element["path"]?.string, let digest = element["manifest"]?.string,
                let plan = element["plan"]
            else { throw unreadable(path, "a manifest in it is not complete") }
            let names = element["variables"]?.elements.compactMap(\.string)
            let variables = names.flatMap { names in
                element["values"]?.string.map { Variables(names: names, digest: $0) }
            }
            members.append(Member(path: manifest, manifest: digest, variables: variables, plan: plan))
        }
        guard !members.isEmpty else { throw unreadable(path, "there is no manifest in it") }
        let file = PlanFile(
            path: path, overrides: overrides, terms: terms(json["overrides"] ?? [:]), members: members)
        guard file.text == text else { throw unreadable(path, "it was edited since it was written") }
        return file
    }

    private static func overrides(_ json: JSON, _ path: String) throws(Failure) -> Overrides {
        try known(["reconcilePlan", "digest", "overrides", "manifests"], in: json, "", path)
        let head = json["overrides"] ?? [:]
        let flags: Set = ["retryFailed", "allowOlder"]
        try known(
            flags.union(["imageTag", "imageDigest", "schemaVersion", "region", "sequence"]), in: head, " in overrides",
            path)
        for member in head.object?.members ?? [] {
            let (isRight, kind) =
                switch member.key {
                case "sequence": (member.value.integer != nil, "a number")
                case let key where flags.contains(key): (member.value.bool != nil, "true or false")
                default: (member.value.string != nil, "a string")
                }
            guard isRight else { throw unreadable(path, "overrides.\(member.key) must be \(kind)") }
        }
        return Overrides(
            imageTag: head["imageTag"]?.string, imageDigest: head["imageDigest"]?.string,
            schemaVersion: head["schemaVersion"]?.string, region: head["region"]?.string)
    }

    private static func terms(_ head: JSON) -> ReleaseTerms {
        ReleaseTerms(
            retriesFailed: head["retryFailed"]?.bool ?? false,
            sequence: head["sequence"]?.integer.map {
                ReleaseSequence($0, allowsOlder: head["allowOlder"]?.bool ?? false)
            })
    }

    /// What is not understood may have been meant to limit what is done.
    private static func known(
        _ keys: Set<String>, in json: JSON, _ place: String, _ path: String
    ) throws(Failure) {
        for key in json.object?.keys ?? [] where !keys.contains(key) {
            throw unreadable(path, "there is the unknown key \(JSON.string(key).compact)\(place)")
        }
    }

    private static func unreadable(_ path: String, _ why: String) -> Failure {
        Failure(
            .planChanged, "\(path) is a plan that cannot be applied: \(why)",
            hint: "make it again with reconcile plan, from the manifests that it is for")
    }

    // MARK: - What stands in it

    static func member(_ path: String, _ plan: Plan, of manifest: Manifest) throws(Failure) -> Member {
        let digest = try digest(of: path)
        return Member(
            path: path, manifest: digest, variables: variables(of: manifest, salt: digest),
            plan: render(plan, environment: manifest.environment, manifest: digest))
    }

    /// - Parameter salt: the digest of the manifest's bytes.
    /// - Returns: nil for a manifest without variables.
    static func variables(of manifest: Manifest, salt: String) -> Variables? {
        Self.digest(of: manifest.variables, salt: salt).map {
            Variables(names: manifest.variables.keys.sorted { $0.precedes($1) }, digest: $0)
        }
    }

    static func digest(of manifest: String) throws(Failure) -> String {
        Hex.encode(SHA256.hash(try Inputs.read(manifest)))
    }

    /// Fingerprints are made with the key of a ledger, and another machine may have another one: what they stand for is
    /// vouched for by the digest of the whole content.
    ///
    /// - Parameter manifest: the manifest's digest: what digests of values are salted with.
    static func render(_ plan: Plan, environment: String, manifest: String) -> JSON {
        var json = PlanJSON.render(plan, environment: environment)
        json["changes"] = .array(
            plan.changes.map { step in
                var change = PlanJSON.change(step)
                change["content"] = step.change.content?.shown
                change["values"] = step.change.content.flatMap { digest(of: $0.hidden, salt: manifest) }.map(
                    JSON.string)
                return change
            })
        return hidden(json)
    }

    /// Values can be compared by it and not be read from it; nil if there are none.
    private static func digest(of values: [String: String], salt: String) -> String? {
        guard !values.isEmpty else { return nil }
        let pairs = values.sorted { $0.key.precedes($1.key) }.map { JSON([$0.key, $0.value]) }
        return Hex.encode(SHA256.stretched(JSON.array(pairs).canonical, salt: Array(salt.utf8)))
    }

    private static func hidden(_ json: JSON) -> JSON {
        switch json {
        case .string(let text): return .string(text.replacing(#/hmac:[0-9a-f]{12}/#, with: "(hidden)"))
        case .array(let elements): return .array(elements.map(hidden))
        case .object(let object):
            var out = JSONObject()
            for member in object.members { out[member.key] = hidden(member.value) }
            return .object(out)
        default: return json
        }
    }
}
