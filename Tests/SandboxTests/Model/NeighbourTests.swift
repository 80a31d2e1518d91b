import JSON
import Testing

@testable import Sandbox

@Suite struct NeighbourTests {
    private let stream = LogStreamName(group: "/g", stream: "s")

    private func world(lines: Int) throws -> World {
        var world = try World()
        world.model.logs.append((0..<lines).map { "line \($0)" }, to: stream, at: 5)
        return world
    }

    private func get(_ world: inout World, _ more: JSON = [:]) throws(ECSFault) -> JSON {
        var input: JSON = ["logGroupName": "/g", "logStreamName": "s"]
        for member in more.object?.members ?? [] { input[member.key] = member.value }
        return try world.model.handle(.logs, "GetLogEvents", input, at: 9).get()
    }

    @Test func `a stream is read to its end by its forward tokens and the end answers with the same token`() throws {
        var world = try world(lines: 25)
        var messages: [String] = []
        var token: JSON?
        while true {
            let answer = try get(
                &world, .object(dropping: ["startFromHead": true, "limit": 10, "nextToken": token]))
            messages += answer["events"]?.elements.compactMap { $0["message"]?.string } ?? []
            if answer["nextForwardToken"] == token { break }
            token = answer["nextForwardToken"]
        }
        #expect(messages == (0..<25).map { "line \($0)" })
        world.model.logs.append(["more"], to: stream, at: 6)
        let answer = try get(&world, .object(dropping: ["nextToken": token]))
        #expect(answer["events"] == [["timestamp": 6, "message": "more", "ingestionTime": 6]])
    }

    @Test func `without startFromHead the newest events are shown`() throws {
        var world = try world(lines: 25)
        let answer = try get(&world, ["limit": 2])
        #expect(answer["events"]?.elements.map { $0["message"] } == ["line 23", "line 24"])
    }

    @Test func `a stream keeps its newest lines within bounds and its tokens stay right`() throws {
        var world = try world(lines: 10)
        let token = try get(&world, ["startFromHead": true])["nextForwardToken"]
        for _ in 0..<6 { world.model.logs.append((0..<5_000).map { "new \($0)" }, to: stream, at: 6) }
        let kept = world.model.logs.groups["/g"]?["s"]?.events.count ?? 0
        #expect((5_000...20_000).contains(kept))
        #expect(try get(&world, .object(dropping: ["nextToken": token]))["events"]?.elements.isEmpty == false)
    }

    @Test(arguments: [["logGroupName": "/no"], ["logStreamName": "no"]] as [JSON])
    func `an unknown group or stream is not found`(more: JSON) throws {
        var world = try world(lines: 1)
        do {
            _ = try get(&world, more)
            Issue.record("it was found")
        } catch {
            #expect(error.code == "ResourceNotFoundException")
        }
    }

    @Test func `groups and streams are listed`() throws {
        var world = try world(lines: 1)
        let groups = try world.model.handle(.logs, "DescribeLogGroups", [:], at: 9).get()
        #expect(groups["logGroups"]?.elements.map { $0["logGroupName"] } == ["/g"])
        let streams = try world.model.handle(.logs, "DescribeLogStreams", ["logGroupName": "/g"], at: 9).get()
        #expect(streams["logStreams"]?.elements.map { $0["logStreamName"] } == ["s"])
    }

    private func describe(_ input: JSON) throws(ECSFault) -> JSON {
        let catalogue = ImageCatalogue(["team/app": ["v1": "sha256:1", "v2": "sha256:2", "latest": "sha256:2"]])
        return try catalogue.handle("DescribeImages", input, registry: "123456789012").get()
    }

    @Test func `an image is found by tag and by digest with all its tags`() throws {
        for id in [["imageTag": "v2"], ["imageDigest": "sha256:2"]] as [JSON] {
            let answer = try describe(["repositoryName": "team/app", "imageIds": [id]])
            #expect(answer["imageDetails"]?.elements.first?["imageDigest"] == "sha256:2")
            #expect(answer["imageDetails"]?.elements.first?["imageTags"] == ["latest", "v2"])
        }
    }

    @Test(arguments: [
        ("team/app", "v9", "ImageNotFoundException"), ("team/no", "v1", "RepositoryNotFoundException"),
    ])
    func `what a registry has not is not found`(repository: String, tag: String, code: String) {
        do {
            _ = try describe([
                "repositoryName": .string(repository), "imageIds": [["imageTag": .string(tag)]],
            ])
            Issue.record("it was found")
        } catch {
            #expect(error.code == code)
        }
    }
}
