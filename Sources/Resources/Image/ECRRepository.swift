/// A repository in Amazon ECR, taken apart: `ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME`.
struct ECRRepository: Sendable, Equatable {
    let registry: String
    let region: String
    let name: String

    /// What a registry's host has between its account and its region, and after it. (Amazon ECR User Guide, "Making requests
    /// to Amazon ECR registries", and the endpoints of AWS's partitions.)
    private static let domains = [
        "amazonaws.com", "amazonaws.com.cn", "amazonaws.eu", "c2s.ic.gov", "sc2s.sgov.gov", "cloud.adc-e.uk",
        "csp.hci.ic.gov",
    ]
    private static let dualStackDomains = ["on.aws", "on.amazonwebservices.com.cn", "on.amazonwebservices.eu"]

    /// nil for a repository of any other registry.
    init?(_ repository: String) {
        guard let slash = repository.firstIndex(of: "/") else { return nil }
        let labels = repository[..<slash].lowercased().split(separator: ".", omittingEmptySubsequences: false)
            .map(String.init)
        guard labels.count >= 5, labels[0].count == 12, labels[0].allSatisfy(\.isNumber) else { return nil }
        // 123456789012.dkr-ecr.us-east-1.on.aws, .dkr-ecr-fips.
        let isDualStack = ["dkr-ecr", "dkr-ecr-fips"].contains(labels[1])
        // 123456789012.dkr.ecr.us-east-1.amazonaws.com, .dkr.ecr-fips.
        let isClassic = labels[1] == "dkr" && ["ecr", "ecr-fips"].contains(labels[2])
        guard isDualStack || isClassic else { return nil }
        let place = isDualStack ? 2 : 3
        let domain = labels[(place + 1)...].joined(separator: ".")
        guard (isDualStack ? Self.dualStackDomains : Self.domains).contains(domain) else { return nil }
        registry = labels[0]
        region = labels[place]
        name = String(repository[repository.index(after: slash)...])
    }
}

/// The repository in an image's name.
enum ImageRepository {
    /// Without tag and digest, and without what Docker adds by itself (`docker.io/library/nginx` is `nginx`); hosts of one ECR
    /// registry are the same.
    static func of(_ image: String) -> String {
        var name = name(of: image)[...]
        if let own = ECRRepository(String(name)) { return "\(own.registry) \(own.region) \(own.name)" }
        for prefix in ["index.docker.io/", "docker.io/"] where name.hasPrefix(prefix) {
            name = name.dropFirst(prefix.count)
        }
        return String(name.hasPrefix("library/") ? name.dropFirst("library/".count) : name)
    }

    /// Without tag and digest, as it is written.
    static func name(of image: String) -> String {
        let name = image.prefix { $0 != "@" }
        guard let colon = name.lastIndex(of: ":"), !name[colon...].contains("/") else { return String(name) }
        return String(name[..<colon])
    }
}
