import Base
import Glibc
import JSON
import Manifest
import Resources

/// Finds the manifests below a folder.
enum ManifestFolder {
    /// A manifest, or what stands in its place.
    struct Place {
        let path: String
        /// Why nothing can be read there, with code `manifest-unreadable`; nil where someone has yet to try.
        var failure: Failure?
    }

    /// Replaces each folder by the manifests below it, in the order of their paths. A file that is named twice is listed
    /// once, by its first name. A folder without manifests, or one that cannot be read, is listed with its failure.
    static func expand(_ arguments: [String]) -> [Place] {
        var places: [Place] = []
        var seen: Set<String> = []
        for argument in arguments {
            let found = isFolder(argument) ? manifests(below: argument) : [Place(path: argument)]
            for place in found where seen.insert(Files.absolute(place.path)).inserted { places.append(place) }
        }
        return places
    }

    private static func manifests(below folder: String) -> [Place] {
        var visited: Set<String> = []
        let found = files(in: plain(folder), &visited).filter { $0.failure != nil || isManifest($0.path) }
        guard found.isEmpty else { return found }
        let failure = Failure(
            .manifestUnreadable, "there is no manifest below \(folder)",
            hint: "a manifest is a .json, .yaml or .yml file whose \"apiVersion\" is \"reconcile/v1\"")
        return [Place(path: folder, failure: failure)]
    }

    /// As someone would write it, so that `.` and `m.json` mean one file and not two.
    private static func plain(_ folder: String) -> String {
        var rest = folder[...]
        while rest.hasPrefix("./") { rest = rest.dropFirst(2).drop { $0 == "/" } }
        return rest.isEmpty ? "." : String(rest)
    }

    /// - Parameter visited: the folders that were looked into, by their own paths: a loop of links ends.
    private static func files(in folder: String, _ visited: inout Set<String>) -> [Place] {
        guard visited.insert(Files.absolute(folder)).inserted else { return [] }
        guard let names = Files.names(in: folder)?.sorted(by: { $0.precedes($1) }) else {
            return [Place(path: folder, failure: Files.unreadable(folder))]
        }
        var found: [Place] = []
        for name in names where !name.hasPrefix(".") {
            let path = folder == "." ? name : folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
            if isFolder(path) {
                found += files(in: path, &visited)
            } else if ManifestRecognition.isCandidate(name), isFile(path) {
                found.append(Place(path: path))
            }
        }
        return found
    }

    private static func isFolder(_ path: String) -> Bool { kind(of: path) == S_IFDIR }

    /// Also where that is not known: reading it says why. A pipe would never end.
    private static func isFile(_ path: String) -> Bool { [S_IFREG, nil].contains(kind(of: path)) }

    private static func kind(of path: String) -> mode_t? {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
    }

    /// What cannot be read may be one.
    private static func isManifest(_ path: String) -> Bool {
        do { return ManifestRecognition.isMeant(path, try Inputs.read(path)) } catch { return true }
    }
}
