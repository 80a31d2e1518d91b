import JSON

extension ECSModel {
    mutating func createCluster(_ input: Input) throws(ECSFault) -> JSON {
        let name = try input.string("clusterName") ?? "default"
        guard Self.isName(name) else { throw .parameter("Cluster names must match [a-zA-Z0-9_-]{1,255}.") }
        // Creating a cluster that is there answers with it (ECS API Reference, CreateCluster).
        if let cluster = clusters[name] { return ["cluster": cluster.json] }
        let tags = try TagList(try input.objects("tags"))
        let cluster = ClusterRecord(name: name, arn: naming.cluster(name), tags: tags)
        clusters[name] = cluster
        stateVersion += 1
        return ["cluster": cluster.json]
    }

    func describeClusters(_ input: Input) throws(ECSFault) -> JSON {
        var found: [JSON] = []
        var failures: [JSON] = []
        for text in try input.strings("clusters") ?? ["default"] {
            if let name = naming.shortName(text, kind: "cluster"), let cluster = clusters[name] {
                found.append(cluster.json)
            } else {
                failures.append(Self.missing(text.hasPrefix("arn:") ? text : naming.cluster(text)))
            }
        }
        return ["clusters": .array(found), "failures": .array(failures)]
    }

    func listClusters(_ input: Input) throws(ECSFault) -> JSON {
        try Page.answer("clusterArns", of: clusterNames.map(naming.cluster), input)
    }

    /// The name of the cluster that a request means: `default` where it names none.
    func clusterName(_ input: Input) throws(ECSFault) -> String {
        let text = try input.string("cluster") ?? "default"
        guard let name = naming.shortName(text, kind: "cluster"), clusters[name] != nil else { throw .noCluster }
        return name
    }

    /// The ARN's last part, or the name itself.
    func serviceName(_ text: String, in cluster: String) -> String {
        guard let rest = naming.shortName(text, kind: "service") else { return text }
        return rest.hasPrefix("\(cluster)/") ? String(rest.dropFirst(cluster.count + 1)) : rest
    }

    static func missing(_ arn: String) -> JSON { ["arn": .string(arn), "reason": "MISSING"] }

    /// Letters, digits, `-` and `_`, at most 255: clusters, services and families.
    static func isName(_ text: String) -> Bool {
        (1...255).contains(text.utf8.count) && text.utf8.allSatisfy(isNameByte)
    }

    static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
