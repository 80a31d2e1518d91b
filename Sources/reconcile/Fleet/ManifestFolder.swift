import Glibc
import Reconciler

/// Finds the manifests below a folder.
enum ManifestFolder {
    /// Folders in folders, at most: a loop of links ends.
    private static let depth = 16

    /// Replaces folders by the manifests below them, in order of their paths. Each path stands once.
    ///
    /// - Throws: ``Failure`` with code `manifest-unreadable` for a folder without a manifest.
    static func expand(_ arguments: [String]) throws(Failure) -> [String] {
        var paths: [String] = []
        var seen: Set<String> = []
        for argument in arguments {
            let found = isFolder(argument) ? try manifests(below: argument) : [argument]
            for path in found where seen.insert(path).inserted { paths.append(path) }
        }
        return paths
    }

    private static func manifests(below folder: String) throws(Failure) -> [String] {
        let trimmed = folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder
        let found = files(in: trimmed, depth: depth).filter(isManifest)
        guard !found.isEmpty else {
            throw Failure(
                .manifestUnreadable, "there is no manifest below \(folder)",
                hint: "a manifest is a .json, .yaml or .yml file whose \"apiVersion\" is \"reconcile/v1\"")
        }
        return found
    }

    private static func files(in folder: String, depth: Int) -> [String] {
        guard depth > 0 else { return [] }
        var found: [String] = []
        for name in names(in: folder) where !name.hasPrefix(".") {
            let path = "\(folder)/\(name)"
            if isFolder(path) {
                found += files(in: path, depth: depth - 1)
            } else if [".json", ".yaml", ".yml"].contains(where: name.hasSuffix) {
                found.append(path)
            }
        }
        return found
    }

    private static func names(in folder: String) -> [String] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
            }
            names.append(name)
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    private static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// By its words alone, so that a manifest with a mistake in it is told of and not passed over.
    private static func isManifest(_ path: String) -> Bool {
        let bytes: [UInt8]
        do { bytes = try Files.read(path) } catch { return false }
        return ["apiVersion", "reconcile/v"].allSatisfy { word in
            bytes.contains(word.utf8)
        }
    }
}
