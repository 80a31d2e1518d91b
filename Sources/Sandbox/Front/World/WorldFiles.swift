import Glibc
import JSON

/// Why a sandbox could not start or go on.
public struct SandboxError: Error, Sendable, Equatable, CustomStringConvertible {
    public let description: String
    /// What to do about it, in the imperative.
    public let hint: String
    /// Whether another sandbox runs on the folder.
    public let isInUse: Bool

    init(_ description: String, hint: String, isInUse: Bool = false) {
        self.description = description
        self.hint = hint
        self.isInUse = isInUse
    }
}

/// The files of a sandbox's directory.
struct WorldFiles: Sendable {
    let directory: String

    var images: String { "\(directory)/images" }
    var data: String { "\(directory)/data" }
    var functions: String { "\(directory)/functions" }
    private var state: String { "\(directory)/state.json" }
    private var seed: String { "\(directory)/sandbox.json" }

    /// - Parameter directory: made where it is not there.
    init(directory: String) throws(FileError) {
        try FileTree.makeFolder(directory)
        self.directory = try FileTree.absolute(directory)
        try FileTree.makeFolder("\(self.directory)/images")
        try FileTree.makeFolder("\(self.directory)/data")
    }

    /// What the last sandbox of this directory left; nil at the first start.
    func readState() throws -> JSON? { try read(state) }

    /// `sandbox.json`, or an empty object.
    func readSeed() throws -> JSON { try read(seed) ?? [:] }

    /// What the caller may do; nil for everything. It is read for each call, so that it can be changed meanwhile.
    func readPolicy() throws -> AccessPolicy? {
        guard let document = try read("\(directory)/policy.json") else { return nil }
        do { return try AccessPolicy(document) } catch { throw FileError("\(directory)/policy.json", error.reason) }
    }

    /// The parameters in `parameters.json`, an object of names and texts. They can be changed at any time, too.
    func readParameters() throws -> ParameterStore {
        guard let document = try read("\(directory)/parameters.json") else { return ParameterStore() }
        if let store = ParameterStore(document) { return store }
        throw FileError("\(directory)/parameters.json", "an object of names and strings is expected")
    }

    /// The names of CloudWatch alarms in `alarms.json` that are in the state ALARM. They can be changed at any time, too.
    func readAlarms() throws -> Set<String> {
        guard let document = try read("\(directory)/alarms.json") else { return [] }
        let names = document.elements.compactMap(\.string)
        guard let list = document.array, names.count == list.count else {
            throw FileError("\(directory)/alarms.json", "a list of names is expected")
        }
        return Set(names)
    }

    func writeState(_ json: JSON) throws(FileError) {
        try FileTree.replace(state, with: Array(json.compact.utf8))
    }

    private func read(_ path: String) throws -> JSON? {
        guard FileTree.exists(path) else { return nil }
        let bytes = try FileTree.read(path)
        do { return try JSON.parse(bytes) } catch {
            throw FileError(path, "\(Position(of: error.offset, in: bytes)): \(error.message)")
        }
    }
}

/// Holds a directory for one sandbox at a time. The kernel lets go of it when its holder ends, however it ends.
final class DirectoryLock: Sendable {
    private let file: Int32

    init(_ directory: String) throws {
        let path = "\(directory)/.lock"
        file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw FileError(path) }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            close(file)
            throw SandboxError(
                "\(directory) is used by another sandbox that is still running",
                hint: "end that one, or name another folder", isInUse: true)
        }
    }

    deinit {
        // A child that is just being made has a copy of the descriptor: closing ours alone would not let go.
        flock(file, LOCK_UN)
        close(file)
    }
}
