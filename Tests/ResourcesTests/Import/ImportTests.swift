import JSON
import Support
import Testing

@testable import Base
@testable import Manifest
@testable import Resources

@Suite("A manifest that is made from what runs")
struct ImportTests {
    typealias Family = ImportFixture.Family

    private static let app = ImportFixture.account + "/app"
    private static let digest = ImportFixture.digest

    /// Imports services, and compares the manifests' texts without spaces.
    private func expect(_ fixture: ImportFixture, _ texts: [JSON], containers: [String] = []) async throws {
        let found = try await fixture.survey(containers: containers)
        #expect(found.refused.isEmpty)
        let drafts = fixture.drafts(found)
        #expect(drafts.map { $0.json.compact } == texts.map(\.compact))
        for draft in drafts { #expect(try await fixture.changes(draft) == []) }
        #expect(ImportFixture.mutating.isDisjoint(with: fixture.server.calls))
    }

    private static func manifest(
        _ environment: String, _ image: JSON, _ services: JSON, definition: JSON? = nil
    ) -> JSON {
        var json: JSON = [
            "apiVersion": "reconcile/v1", "environment": .string(environment), "region": "us-east-1",
            "cluster": "test", "image": image,
        ]
        json["taskDefinition"] = definition
        json["services"] = services
        return json
    }

    @Test("says no more than it has to: a digest as it is, a tag of ECR without resolving it, another tag as it is")
    func images() async throws {
        for (image, said) in [
            ("\(Self.app)@\(Self.digest)", ["repository": .string(Self.app), "digest": .string(Self.digest)]),
            ("\(Self.app):v7", ["repository": .string(Self.app), "tag": "v7", "pin": false]),
            ("ghcr.io/org/app:v7", ["repository": "ghcr.io/org/app", "tag": "v7"]),
            ("localhost:5000/app:v7", ["repository": "localhost:5000/app", "tag": "v7"]),
            ("docker.io/library/app:1", ["repository": "docker.io/library/app", "tag": "1"]),
            ("app:1", ["repository": "app", "tag": "1"]),
        ] as [(String, JSON)] {
            let fixture = try ImportFixture([Family("f", ["app=\(image)"])], [("web", "f")])
            try await expect(fixture, [Self.manifest("app-test", said, [["name": "web"]])])
        }
    }

    @Test("has services of several families with one image together, and another image in a manifest of its own")
    func groups() async throws {
        let (v1, v2) = ("\(Self.app)@\(Self.digest)", "\(Self.app):v2")
        let fixture = try ImportFixture(
            [Family("web", ["app=\(v1)"]), Family("jobs", ["main=\(v1)"]), Family("old", ["app=\(v2)"])],
            [("web", "web"), ("worker", "jobs"), ("legacy", "old"), ("admin", "web")])
        try await expect(
            fixture,
            [
                Self.manifest(
                    "app-admin-test", ["repository": .string(Self.app), "digest": .string(Self.digest)],
                    [["name": "admin"], ["name": "web"], ["name": "worker"]]),
                Self.manifest(
                    "app-legacy-test", ["repository": .string(Self.app), "tag": "v2", "pin": false],
                    [["name": "legacy"]]),
            ])
    }

    @Test("leaves out companions: of other registries, and those that are not essential")
    func companions() async throws {
        let image: JSON = ["repository": .string(Self.app), "tag": "v1", "pin": false]
        for containers in [
            ["app=\(Self.app):v1", "envoy=public.ecr.aws/appmesh/envoy:v1"],
            ["agent=datadog/agent:7", "app=\(Self.app):v1"],
            ["app=\(Self.app):v1", "logs?=\(ImportFixture.account)/router:v9"],
            // Two that run the same image: the essential one is the application.
            ["app=\(Self.app):v1", "setup?=\(Self.app):v1"],
        ] {
            let fixture = try ImportFixture([Family("f", containers)], [("web", "f")])
            try await expect(fixture, [Self.manifest("app-test", image, [["name": "web"]])])
        }
    }

    @Test("names containers only where their images do not say which are released")
    func named() async throws {
        let image: JSON = ["repository": .string(Self.app), "tag": "v1", "pin": false]
        let old = try ImportFixture(
            [Family("f", ["app=\(Self.app):v1", "pinned?=\(Self.app):v0"])], [("web", "f")])
        try await expect(
            old,
            [Self.manifest("app-test", image, [["name": "web"]], definition: ["containers": ["app"]])])
        let two = try ImportFixture(
            [Family("f", ["api=\(Self.app):v1", "jobs=\(Self.app):v1"])], [("web", "f"), ("more", "f")])
        try await expect(
            two,
            [
                Self.manifest(
                    "app-test", image, [["name": "more"], ["name": "web"]], definition: ["container": "api"])
            ])
        let one = try ImportFixture(
            [Family("f", ["api=\(Self.app):v1", "jobs=\(Self.app):v1"]), Family("g", ["api=\(Self.app):v1"])],
            [("web", "f"), ("more", "g")])
        try await expect(
            one, [Self.manifest("app-test", image, [["name": "more"], ["name": "web", "container": "api"]])])
    }

    @Test("is a question if several containers may be the application, and --container answers it")
    func several() async throws {
        let fixture = try ImportFixture(
            [Family("f", ["api=\(Self.app):v1", "proxy=\(ImportFixture.account)/proxy:v9"])], [("web", "f")])
        let found = try await fixture.survey()
        #expect(found.services.isEmpty)
        let failure = try #require(found.refused.first)
        #expect(failure.code == .definitionUnfit)
        #expect(failure.hint.contains("--container api"))
        try await expect(
            fixture,
            [
                Self.manifest(
                    "app-test", ["repository": .string(Self.app), "tag": "v1", "pin": false], [["name": "web"]])
            ], containers: ["other", "api"])
    }

    @Test("splits services in which one name means two things")
    func conflict() async throws {
        let fixture = try ImportFixture(
            [
                Family("f", ["app=\(Self.app):v1", "extra=\(Self.app):v1"]),
                Family("g", ["app=\(Self.app):v1", "extra?=\(Self.app):v0"]),
            ], [("web", "f"), ("worker", "g")])
        let drafts = fixture.drafts(try await fixture.survey())
        #expect(drafts.map { $0.services.map(\.name) } == [["web"], ["worker"]])
        #expect(drafts.map(\.environment) == ["app-web-test", "app-worker-test"])
        for draft in drafts { #expect(try await fixture.changes(draft) == []) }
    }

    @Test(
        "says nothing of counts and of who scales, also not for a daemon",
        arguments: [["schedulingStrategy": "DAEMON"], ["desiredCount": 0], ["desiredCount": 7]] as [JSON])
    func counts(shown: JSON) async throws {
        var shown = shown
        shown["runningCount"] = shown["desiredCount"]
        let fixture = try ImportFixture(
            [Family("f", ["app=\(Self.app):v1"])], [("web", "f")], showing: ["web": shown])
        let draft = try #require(fixture.drafts(try await fixture.survey()).first)
        #expect(draft.json["services"] == [["name": "web"]])
        #expect(try await fixture.changes(draft) == [])
    }

    @Test(
        "leaves out what cannot be moved, with the reason",
        arguments: [
            (["deploymentController": ["type": "CODE_DEPLOY"]], .serviceUnsupported, "CODE_DEPLOY"),
            (["deploymentController": ["type": "EXTERNAL"]], .serviceUnsupported, "EXTERNAL"),
            (
                ["deploymentController": ["type": "EXTERNAL"], "taskDefinition": .null, "deployments": []],
                .serviceUnsupported, "EXTERNAL"
            ),
            (["resourceManagementType": "ECS"], .serviceUnsupported, "Express Mode"),
            (["status": "DRAINING"], .serviceUnsupported, "DRAINING"),
            (["status": "INACTIVE"], .serviceMissing, "there is no service other"),
        ] as [(JSON, Failure.Code, String)])
    func refused(shown: JSON, code: Failure.Code, named: String) async throws {
        let fixture = try ImportFixture(
            [Family("f", ["app=\(Self.app):v1"])], [("web", "f"), ("other", "f")], showing: ["other": shown])
        let found = try await fixture.survey()
        #expect(found.refused.map(\.code) == [code])
        #expect(found.refused[0].summary.contains(named))
        let drafts = fixture.drafts(found)
        #expect(drafts.map { $0.services.map(\.name) } == [["web"]])
        #expect(try await fixture.changes(drafts[0]) == [])
    }

    @Test("says why the next plan is not empty where no manifest can say what runs")
    func remarks() async throws {
        for image in ["\(Self.app):v1@\(Self.digest)", Self.app, "nginx"] {
            let fixture = try ImportFixture([Family("f", ["app=\(image)"])], [("web", "f")])
            let groups = ServiceGroup.all(of: try await fixture.survey().services)
            #expect(groups.flatMap(\.remarks).count == 1)
        }
        let odd = try ImportFixture([Family("f", ["app=not an image"])], [("web", "f")])
        #expect(try await odd.survey().refused.map(\.code) == [.definitionUnfit])
    }

    @Test("says that a family has a newer revision than the one that runs")
    func newer() async throws {
        let family = Family("f", ["app=\(Self.app):v1"])
        let fixture = try ImportFixture(
            [family, family, Family("f2", family.containers)], [("a", "f:1"), ("b", "f:2")])
        let groups = ServiceGroup.all(of: try await fixture.survey().services)
        #expect(groups.map(\.names) == [["a", "b"]])
        let notes = groups.flatMap(\.notes)
        #expect(notes.count == 1 && notes[0].hasPrefix("a runs f:1, and f:2 is newer"), "\(notes)")
        for draft in fixture.drafts(try await fixture.survey()) { #expect(try await fixture.changes(draft) == []) }
    }

    @Test("says so where ECS has given the last rollout up")
    func failed() async throws {
        let fixture = try ImportFixture(
            [Family("f", ["app=\(Self.app):v1"])], [("web", "f")],
            showing: [
                "web": [
                    "runningCount": 0,
                    "deployments": [
                        [
                            "id": "ecs-svc/1", "status": "PRIMARY", "rolloutState": "FAILED", "desiredCount": 2,
                            "runningCount": 0, "pendingCount": 0, "failedTasks": 3,
                            "taskDefinition": "arn:aws:ecs:us-east-1:123456789012:task-definition/f:1",
                        ]
                    ],
                ]
            ])
        let draft = try #require(fixture.drafts(try await fixture.survey()).first)
        #expect(try await fixture.changes(draft).contains { $0.hasPrefix("service/web") })
    }

    @Test("names environments apart, and only with characters that they may have")
    func environments() throws {
        func services(_ images: [String], tags: [String: String] = [:]) throws -> [ServiceGroup] {
            try ServiceGroup.all(
                of: images.enumerated().map { index, image in
                    try RunningService(
                        "s\(index)", on: ImportFixture.summary(Family("f", ["app=\(image)"]), tags: tags), named: [])
                })
        }
        let arn = "arn:aws:ecs:us-east-1:123456789012:cluster/prod"
        let groups = try services(["r/one:1", "r/two:1", "q/two:1"])
        #expect(
            ServiceGroup.environments(of: groups, place: arn) == ["one-prod", "two-s1-prod", "two-s2-prod"])
        let long = try services([String(repeating: "x", count: 70) + ":1", String(repeating: "x", count: 71) + ":1"])
        let names = ServiceGroup.environments(of: long, place: "prod")
        #expect(Set(names).count == 2)
        #expect(names.allSatisfy(Syntax.isLabel))
        let known = try services(["r/one:1"], tags: ["reconcile:environment": "shop"])
        #expect(ServiceGroup.environments(of: known, place: arn) == ["shop"])
    }

    @Test("knows the databases that what runs is marked for, in its cluster")
    func marks() throws {
        let arn = "arn:aws:ecs:us-east-1:123456789012:cluster/prod"
        let tags = [
            "reconcile:schema:prod/shop": "0002", "reconcile:schema:prod/audit": "7", "reconcile:schema:test/shop": "9",
            "reconcile:schema:prod/a b": "1", "reconcile:schema": "old=1", "team": "x",
        ]
        let service = try RunningService(
            "web", on: ImportFixture.summary(Family("f", ["app=r/app:1"]), tags: tags), named: [])
        for cluster in ["prod", arn] {
            let marks = ServiceGroup.all(of: [service])[0].marks(cluster: cluster)
            #expect(marks.map { "\($0.database) \($0.version)" } == ["audit 7", "shop 0002"])
        }
    }

    @Test("is refused if a container has a name that ECS does not give")
    func names() throws {
        let family = Family("f", ["app\u{202E}=r/app:1"])
        #expect(throws: Failure.self) { try RunningService("web", on: ImportFixture.summary(family), named: []) }
    }

    @Test("takes the name of an image apart")
    func imageNames() {
        func parts(_ text: String) -> [String?]? { ImageName(text).map { [$0.repository, $0.tag, $0.digest] } }
        #expect(parts("app") == ["app", nil, nil])
        #expect(parts("app:1") == ["app", "1", nil])
        #expect(parts("localhost:5000/app") == ["localhost:5000/app", nil, nil])
        #expect(parts("localhost:5000/a/b:1") == ["localhost:5000/a/b", "1", nil])
        #expect(parts("r/app@\(Self.digest)") == ["r/app", nil, Self.digest])
        #expect(parts("r/app:1@\(Self.digest)") == ["r/app", "1", Self.digest])
        for text in [
            "", ":1", "app:", "app:a b", "app@", "app@sha256:12", "app@\(Self.digest)x", "https://r/app", "a//b",
        ] {
            #expect(parts(text) == nil, "\(text)")
        }
    }

    @Test("of a cluster has all of its services, however many pages they are on")
    func pages() async throws {
        let names = (100...340).map { "s\($0)" }
        let fixture = try ImportFixture([Family("f", ["app=\(Self.app):v1"])], names.map { ($0, "f") })
        let found = try await fixture.survey()
        #expect(found.services.map(\.name) == names)
        #expect(fixture.server.calls.filter { $0 == "DescribeTaskDefinition" }.count == 1)
        #expect(fixture.server.calls.filter { $0 == "DescribeServices" }.count == 25)
    }

    @Test("of any services has an empty plan, unless it says why not", arguments: 0..<60)
    func anything(seed: UInt64) async throws {
        var random = SplitMix64(seed: seed)
        let images = [
            "\(Self.app):v1", "\(Self.app):v1", "\(Self.app):v2", "\(Self.app)@\(Self.digest)",
            "123456789012.dkr-ecr.us-east-1.on.aws/app:v1", "\(ImportFixture.account)/team/proxy:v1", "nginx:1",
            "docker.io/library/nginx:1", "ghcr.io/org/app:v1", "public.ecr.aws/x/agent:latest", "nginx",
            "\(Self.app):v1@\(Self.digest)",
        ]
        let families = (0...random.below(4)).map { number in
            let names = ["app", "proxy", "worker", "agent"].shuffled(using: &random).prefix(1 + random.below(4))
            return Family(
                "family\(number / 2)",
                names.enumerated().map { index, name in
                    "\(name)\(index > 0 && random.below(3) == 0 ? "?" : "")=\(images[random.below(images.count)])"
                })
        }
        // Two revisions of one family, also with other content.
        let services = (0...random.below(5)).map { index in
            let number = random.below(families.count)
            return ("service\(index)", "family\(number / 2):\(number % 2 + 1)")
        }
        let fixture = try ImportFixture(families, services)
        let found = try await fixture.survey(containers: random.below(2) == 0 ? [] : ["worker", "app"])
        #expect(found.refused.allSatisfy { $0.code == .definitionUnfit && $0.hint.contains("--container") })
        #expect(found.services.count + found.refused.count == services.count)
        let groups = ServiceGroup.all(of: found.services)
        #expect(groups.flatMap(\.names).sorted() == found.services.map(\.name).sorted())
        for (group, draft) in zip(groups, fixture.drafts(found)) {
            let changes = try await fixture.changes(draft)
            #expect(changes.isEmpty == group.remarks.isEmpty, "\(draft.text)\(changes)\(families)")
        }
        #expect(ImportFixture.mutating.isDisjoint(with: fixture.server.calls))
    }
}
