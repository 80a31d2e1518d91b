/// The repository in an image's name.
enum ImageRepository {
    /// Without tag and digest, and without what Docker adds by itself (`docker.io/library/nginx` is `nginx`); hosts of one ECR
    /// registry are the same.
    static func of(_ image: String) -> String {
        var name = image.prefix { $0 != "@" }
        if let colon = name.lastIndex(of: ":"), !name[colon...].contains("/") { name = name[..<colon] }
        if let own = ECRRepository(String(name)) { return "\(own.registry) \(own.region) \(own.name)" }
        for prefix in ["index.docker.io/", "docker.io/"] where name.hasPrefix(prefix) {
            name = name.dropFirst(prefix.count)
        }
        return String(name.hasPrefix("library/") ? name.dropFirst("library/".count) : name)
    }
}
