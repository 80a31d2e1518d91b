/// A repository in Amazon ECR, taken apart: `ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME`.
struct ECRRepository: Sendable, Equatable {
    let registry: String
    let region: String
    let name: String

    /// nil for a repository of any other registry.
    init?(_ repository: String) {
        guard let slash = repository.firstIndex(of: "/") else { return nil }
        let labels = repository[..<slash].split(separator: ".", omittingEmptySubsequences: false)
        // 123456789012.dkr.ecr.us-east-1.amazonaws.com, .dkr.ecr-fips., .amazonaws.com.cn
        guard labels.count >= 6, labels[0].count == 12, labels[0].allSatisfy(\.isNumber), labels[1] == "dkr",
            labels[2] == "ecr" || labels[2] == "ecr-fips", labels[4] == "amazonaws"
        else { return nil }
        registry = String(labels[0])
        region = String(labels[3])
        name = String(repository[repository.index(after: slash)...])
    }
}
