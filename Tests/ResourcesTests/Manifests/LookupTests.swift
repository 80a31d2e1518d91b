import Testing

@testable import Base
@testable import Manifest
@testable import Resources

/// `${ssm:…}` and `${tfstate:…}`: what a manifest needs is found out first, and its values come in from outside.
@Suite("A lookup in a manifest")
struct LookupTests {
    static func loader(
        _ text: String, files: [String: String] = [:], overrides: Overrides = .init()
    ) -> ManifestLoader {
        ManifestLoader(
            variables: Variables(environment: [:], variables: ["x": "1"]), overrides: overrides,
            read: { (name) throws(Failure) in Array((name == "m.json" ? text : files[name] ?? "").utf8) })
    }

    static func manifest(_ members: String..., image: String = #"{"repository": "r", "tag": "t"}"#) -> String {
        let base = [
            #""apiVersion": "reconcile/v1""#, #""environment": "e""#, #""image": \#(image)"#,
        ]
        let services = members.contains { $0.contains("\"services\"") } ? [] : [#""services": [{"name": "web"}]"#]
        return "{" + (base + services + members).joined(separator: ",\n") + "}"
    }

    static func problems(_ body: () throws -> Manifest) -> [String] {
        do {
            _ = try body()
            return []
        } catch {
            return ((error as? Failure)?.problems ?? []).map { "\($0.place): \($0.message)" }
        }
    }

    static let sources = #""sources": {"tfstate": "infra/terraform.tfstate"}"#

    @Test("is found out with its place, also in the task definition's own file, and others are not asked for")
    func survey() throws {
        let text = Self.manifest(
            Self.sources, #""cluster": "${tfstate:output.cluster}""#, #""taskDefinition": {"file": "t.json"}"#,
            image: #"{"repository": "${ssm:/shop/repository}", "tag": "${ssm:/shop/tag:-v1}-${ssm:/shop/suffix}"}"#)
        let definition =
            #"{"family": "f", "containerDefinitions": [{"name": "a", "image": "${tfstate:aws_ecr.a.url}"}]}"#
        let manifest = try Self.loader(text, files: ["t.json": definition]).survey("m.json")
        #expect(
            manifest.unread.map { "\($0.place) \($0.lookup.key)" }.sorted() == [
                "m.json:3:25 ssm:/shop/repository", "m.json:3:59 ssm:/shop/suffix", "m.json:3:59 ssm:/shop/tag",
                "m.json:6:12 tfstate:output.cluster", "t.json:1:65 tfstate:aws_ecr.a.url",
            ])
        #expect(manifest.state == .file("infra/terraform.tfstate"))
        #expect(try Self.loader(Self.manifest()).survey("m.json").unread.isEmpty)
    }

    @Test("does not hide what is wrong elsewhere, and makes nothing wrong that depends on its value")
    func mistakes() throws {
        let wrong = Self.manifest(
            Self.sources, #""cluster": "${tfstate:output.cluster}""#, #""regoin": "x""#, #""region": "${ssm:/region}""#)
        #expect(
            Self.problems { try Self.loader(wrong).survey("m.json") } == [
                "m.json:7:1: unknown key \"regoin\"",
                "m.json:8:11: ${ssm:/region} cannot be used for this key, which is read before AWS is asked",
            ])
        let dependent = Self.manifest(
            Self.sources, #""services": [{"name": "${ssm:/name}", "desiredCount": "${ssm:/count}"}]"#,
            #""taskDefinition": {"containers": ["${ssm:/container}"], "container": "app"}"#,
            #""schema": {"database": "d", "order": "integer", "version": "${ssm:/version}", "after": {"version": "2"}, "migrate": {"service": "web", "timeout": "${ssm:/timeout}", "rerunnable": "${ssm:/rerunnable}", "environment": {"A": "${ssm:/a}"}}}"#
        )
        let manifest = try Self.loader(dependent).survey("m.json")
        #expect(manifest.unread.count == 7)
    }

    @Test("is replaced by what was found, which a plan is for")
    func values() throws {
        let text = Self.manifest(
            Self.sources, #""cluster": "${tfstate:output.cluster}""#,
            #""services": [{"name": "web", "desiredCount": "${ssm:/count:-2}"}]"#,
            image: #"{"repository": "r", "tag": "${var:x}-${ssm:/tag}"}"#)
        var found = LookedUp()
        found.parameters = ["/tag": .text("v7"), "/count": .absent]
        found.state = .read(try TerraformStateTests.state())
        let manifest = try Self.loader(text).load("m.json", found)
        #expect(manifest.image.text == "r:1-v7" && manifest.cluster == "prod")
        #expect(manifest.services[0].desiredCount == 2)
        #expect(
            manifest.variables
                == ["var:x": "1", "ssm:/tag": "v7", "ssm:/count": "2", "tfstate:output.cluster": "prod"])
    }

    @Test("is refused where its value is a secret, is of another kind, or does not exist, and its value is not shown")
    func refused() throws {
        var found = LookedUp()
        found.parameters = ["/s": .secret, "/l": .list, "/n": .absent, "/c": .text("not a number")]
        found.state = .read(try TerraformStateTests.state())
        let text = Self.manifest(
            Self.sources, #""cluster": "${tfstate:output.clustre}""#,
            #""services": [{"name": "${ssm:/n}", "desiredCount": "${ssm:/c}"}]"#,
            #""taskDefinition": {"container": "${tfstate:output.password}"}"#,
            image: #"{"repository": "${ssm:/s:-x}", "tag": "${ssm:/l}"}"#)
        #expect(
            Self.problems { try Self.loader(text).load("m.json", found) } == [
                "m.json:3:25: the parameter /s is a SecureString, and a manifest cannot hold a secret",
                "m.json:3:48: the parameter /l is a StringList, which is not supported",
                "m.json:5:12: the Terraform state has no output clustre",
                "m.json:6:23: the parameter /n does not exist",
                "m.json:6:52: services[0].desiredCount must be a whole number once its variables are replaced",
                "m.json:7:33: the output password is sensitive, and a manifest cannot hold a secret",
            ])
    }

    @Test("of a state that cannot be read is one problem, at the state's name")
    func unusable() {
        var found = LookedUp()
        found.state = .unusable("there is no file", hint: "")
        let text = Self.manifest(
            Self.sources, #""cluster": "${tfstate:output.cluster}""#,
            image: #"{"repository": "${tfstate:output.a}", "tag": "t"}"#)
        #expect(
            Self.problems { try Self.loader(text).load("m.json", found) }
                == ["m.json:5:24: the Terraform state cannot be used: there is no file"])
    }

    @Test(
        "that is not well written is refused before anything is asked",
        arguments: [
            ("${ssm:}", "\"\" is not a parameter's name"), ("${ssm:/a:3}", "\"/a:3\" is not a parameter's name"),
            ("${ssm:/a b}", "\"/a b\" is not a parameter's name"),
            ("${tfstate:output}", "\"output\" is not an address in a Terraform state"),
            ("${tfstate:output.}", "\"output.\" is not an address in a Terraform state"),
            ("${tfstate:a.b[}", "\"a.b[\" is not an address in a Terraform state"),
            ("${tfstate:output.a", "the variable that begins with ${tfstate: is not closed"),
        ])
    func malformed(text: String, problem: String) {
        let manifest = Self.manifest(Self.sources, #""cluster": "\#(text)""#)
        #expect(Self.problems { try Self.loader(manifest).survey("m.json") } == ["m.json:6:12: " + problem])
    }

    @Test("is refused where it decides what else is read")
    func early() {
        let text = Self.manifest(
            #""taskDefinition": {"file": "${ssm:/file}", "allowUnknown": ["${ssm:/key}"]}"#,
            #""schema": {"database": "d", "order": "${ssm:/order}"}"#)
        let found = Self.problems { try Self.loader(text).survey("m.json") }
        #expect(found.count == 3 && found.allSatisfy { $0.contains("cannot be used for this key") }, "\(found)")
    }

    @Test("next to a variable that CI has not given is not needed where the last release is compared")
    func asApplied() throws {
        var overrides = Overrides()
        overrides.comparesAsApplied = true
        for tag in ["${var:none}-${ssm:/tag}", "${ssm:/tag}-${var:none}"] {
            let loader = Self.loader(
                Self.manifest(#""cluster": "${ssm:/c}""#, image: #"{"repository": "r", "tag": "\#(tag)"}"#),
                overrides: overrides)
            #expect(try loader.survey("m.json").unread.map(\.lookup.name) == ["/c"])
            var found = LookedUp()
            found.parameters = ["/c": .text("prod")]
            #expect(try loader.load("m.json", found).image.version == .lastApplied)
        }
    }

    @Test("needs the state's name, and the name must be a place")
    func places() {
        let none = Self.manifest(#""cluster": "${tfstate:output.a}""#)
        #expect(
            Self.problems { try Self.loader(none).survey("m.json") }
                == ["m.json:5:12: ${tfstate:output.a} needs the key sources.tfstate"])
        for (name, reason) in [
            ("http://x/y", "is not at a place that reconcile can read"), ("s3://bucket", "is not s3://BUCKET/KEY"),
            ("", "must not be empty"),
        ] {
            let found = Self.problems {
                try Self.loader(Self.manifest(#""sources": {"tfstate": "\#(name)"}"#)).survey("m.json")
            }
            #expect(found.count == 1 && found[0].hasSuffix(reason), "\(found)")
        }
        let bucket = try? Self.loader(Self.manifest(#""sources": {"tfstate": "s3://books/a/b.tfstate"}"#)).survey(
            "m.json")
        #expect(bucket?.state == .object(bucket: "books", key: "a/b.tfstate"))
    }
}
