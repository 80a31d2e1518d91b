import JSON
import Ledger

extension Action {
    /// Point a service at another revision, or change its count or settings.
    public static let update = Action("update")
    /// Replace a service's tasks with others of the same revision.
    public static let restart = Action("restart")
}

/// What is written down before a service is updated.
struct UpdateOrder: Record {
    let service: String
    /// The ARN of the revision that it shall run.
    var revision: String
    /// The digest of that revision's content.
    let digest: String
    /// nil in ledgers of 0.1.0.
    let release: ReleaseRecord?
    /// The image as the manifest names it.
    let image: String?
    /// What that means, where it is pinned.
    var imageDigest: String?
    /// The revision that it ran before.
    var from: String?
    /// The deployment that a forced one takes the place of: one that ECS has given up, or the one that is restarted.
    var instead: String?
    var isRestart = false
    /// Whether the network is set, which starts a deployment of the same revision, too.
    var setsNetwork = false
    /// What a person has asked of a deployment that is under way: then nothing was updated.
    var request: DeploymentRequest?
    /// The newest event about a failure that the service showed before: it is of an earlier rollout.
    var knownFailure: String?
    /// The ARN of the newest service deployment that was seen before, of a service whose deployments are watched.
    var newestDeployment: String?
    /// nil where the count belongs to someone else.
    var desiredCount: Int?
    /// What of its configuration is declared.
    var settings: JSON?

    init(service: String, revision: String, digest: String, release: ReleaseRecord?) {
        self.service = service
        self.revision = revision
        self.digest = digest
        self.release = release
        image = release?.image
    }

    init?(_ json: JSON) {
        guard let service = json["service"]?.string, let revision = json["revision"]?.string,
            let digest = json["digest"]?.string
        else { return nil }
        self.service = service
        self.revision = revision
        self.digest = digest
        release = ReleaseRecord(json["release"])
        image = json["image"]?.string
        imageDigest = json["imageDigest"]?.string
        from = json["from"]?.string
        instead = json["instead"]?.string
        isRestart = json["restart"]?.bool ?? false
        setsNetwork = json["network"]?.bool ?? false
        request = json["request"].flatMap(DeploymentRequest.init)
        knownFailure = json["knownFailure"]?.string
        newestDeployment = json["newestDeployment"]?.string
        desiredCount = json["desiredCount"]?.integer
        settings = json["settings"]
    }

    var json: JSON {
        .members([
            "service": service, "revision": revision, "digest": digest, "image": image, "release": release?.json,
            "imageDigest": imageDigest, "from": from, "instead": instead,
            "restart": isRestart ? true : nil, "network": setsNetwork ? true : nil, "request": request?.json,
            "knownFailure": knownFailure,
            "newestDeployment": newestDeployment,
            "desiredCount": desiredCount, "settings": settings,
        ])
    }

    /// Whether it starts a deployment: a count or a deployment configuration alone starts none. (ECS API Reference,
    /// UpdateService, each parameter.)
    var deploys: Bool { !keepsRevision || instead != nil || setsNetwork }

    /// Whether it leaves the service on the revision that it runs: a count alone is set without a revision, which might be
    /// one that can no longer be deployed.
    var keepsRevision: Bool { revision == from }
}

/// What the answer of an update leaves in the ledger.
struct UpdateReceipt: Record {
    /// The primary deployment that it shows; empty if it shows none.
    let deployment: String
    /// The deployments that were there before, where it shows none.
    let before: [String]?

    init(deployment: String?, before: [String]) {
        self.deployment = deployment ?? ""
        self.before = deployment == nil ? before : nil
    }

    init?(_ json: JSON) {
        guard let deployment = json["deployment"]?.string else { return nil }
        self.deployment = deployment
        before = json["before"]?.array?.compactMap(\.string)
    }

    var json: JSON {
        .members(["deployment": deployment, "before": before])
    }
}
