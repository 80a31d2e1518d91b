import Foundation
import JSON
import Support
import Testing

/// A world of the sandbox with a service `web`, whose images are made of an example, and a database for it.
struct Releases {
    let framework: Framework
    let database: Database
    private let folder: String

    init(_ framework: Framework) async throws {
        self.framework = framework
        database = try await Database()
        folder = try Scratch.folder("releases")
        let variables = Tools.environment.merging(database.environment) { $1 }
        let app: JSON = [
            "name": "app", "image": "123456789012.dkr.ecr.us-east-1.amazonaws.com/app:v0", "essential": true,
            "environment": .array(
                variables.sorted { $0.key < $1.key }.map { ["name": .string($0.key), "value": .string($0.value)] }),
            "logConfiguration": [
                "logDriver": "awslogs",
                "options": ["awslogs-group": "g", "awslogs-region": "us-east-1", "awslogs-stream-prefix": "p"],
            ],
        ]
        let seed: JSON = [
            "clusters": ["test"], "limits": ["healthy": 50],
            "taskDefinitions": [["family": "app", "containerDefinitions": [app]]],
            "services": [
                ["cluster": "test", "serviceName": "web", "taskDefinition": "app", "desiredCount": 1]
            ],
        ]
        try Scratch.write(seed.compact, to: folder + "/sandbox.json")
        try image("v0", framework.withoutSecond)
    }

    /// An image that serves for ever.
    @discardableResult
    func image(_ tag: String, _ edits: [Framework.Edit]) throws -> Image {
        let image = try Image(framework, edits, at: "\(folder)/images/app/\(tag)")
        try Scratch.write("#!/bin/sh\nexec sleep 1000\n", to: image.folder + "/bin/serve", executable: true)
        return image
    }

    /// Applies a manifest that wants this image and version.
    func apply(_ tag: String, _ version: String) async throws -> Outcome {
        let manifest: JSON = [
            "apiVersion": "reconcile/v1", "environment": "test", "region": "us-east-1", "cluster": "test",
            "image": ["repository": "123456789012.dkr.ecr.us-east-1.amazonaws.com/app", "tag": .string(tag)],
            "schema": [
                "database": "main", "version": .string(version), "order": .string(framework.order),
                "probe": ["command": ["db-version"]], "migrate": ["timeout": "5m"],
            ],
            "services": [["name": "web", "timeout": "1m"]],
        ]
        try Scratch.write(manifest.compact, to: folder + "/m.json")
        return try await Tools.run(
            Project.reconcile, ["apply", "m.json", "--sandbox", ".", "--output", "json"], in: folder)
    }

    /// The revision that the service is at.
    var revision: String? {
        get throws {
            let state = try JSON.parse(try String(contentsOfFile: folder + "/state.json", encoding: .utf8))
            return state["clusters"]?.elements.first?["services"]?.elements.first?["definition"]?.string
        }
    }
}
