import Glibc

/// Where processes of a sandbox find programs that are not in their image.
public enum SearchPath {
    /// The system's folders and, where Python is installed elsewhere, its folder: many images' programs are scripts.
    public static func standard() -> [String] {
        let folders = ["/usr/local/bin", "/usr/bin", "/bin"]
        guard !folders.contains(where: { has("python3", in: $0) }), let path = getenv("PATH") else { return folders }
        let others = String(cString: path).split(separator: ":").map(String.init)
        return folders + (others.first { $0.hasPrefix("/") && has("python3", in: $0) }.map { [$0] } ?? [])
    }

    private static func has(_ program: String, in folder: String) -> Bool { access("\(folder)/\(program)", X_OK) == 0 }
}
