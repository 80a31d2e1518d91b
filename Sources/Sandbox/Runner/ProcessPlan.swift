import Glibc

/// What is executed for a container: program, words, environment. Made from the launch and its image, with no effect.
struct ProcessPlan: Sendable, Equatable {
    let program: String
    let words: [String]
    /// Complete: nothing is inherited from the sandbox, whose environment may hold real credentials.
    let environment: [String: String]

    /// Where a sandbox's processes live.
    struct Surroundings: Sendable, Equatable {
        /// By which its processes are known as its own.
        let mark: String
        /// The folder that they share: working directory and home.
        let data: String
        let region: String
        /// Folders of programs after the image's own.
        let searchPath: [String]
    }

    enum Unstartable: Error, Equatable {
        case noCommand
        case notFound(String)
    }

    init(
        _ launch: ContainerLaunch, _ image: ImageStore.Image, _ surroundings: Surroundings
    ) throws(Unstartable) {
        words = image.configuration.words(entryPoint: launch.entryPoint, command: launch.command)
        guard let first = words.first else { throw .noCommand }
        let folders = ["\(image.path)/bin"] + surroundings.searchPath
        program = try Self.find(first, in: folders)
        var environment = [
            "PATH": folders.joined(separator: ":"), "HOME": surroundings.data, "LANG": "C.UTF-8",
            "AWS_REGION": surroundings.region,
        ]
        for variable in launch.environment where !variable.name.contains("=") && !variable.name.isEmpty {
            environment[variable.name] = variable.value
        }
        // What the sandbox promises to every process is above what a definition says.
        environment["TASK_ADDRESS"] = launch.address
        environment["SANDBOX_DATA"] = surroundings.data
        environment[Leftovers.variable] = surroundings.mark
        self.environment = environment
    }

    private static func find(_ name: String, in folders: [String]) throws(Unstartable) -> String {
        let candidates = name.contains("/") ? [name] : folders.map { "\($0)/\(name)" }
        guard let found = candidates.first(where: { FileTree.isFile($0) && access($0, X_OK) == 0 }) else {
            throw .notFound(name)
        }
        return found
    }
}

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
