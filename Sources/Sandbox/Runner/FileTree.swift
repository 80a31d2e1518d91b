import Glibc

/// Why a file or folder could not be read or written.
struct FileError: Error, Sendable, Equatable, CustomStringConvertible {
    let description: String

    init(_ path: String, _ reason: String) { description = "\(path): \(reason)" }

    /// With the reason of the last failed call.
    init(_ path: String) { self.init(path, String(cString: strerror(errno))) }
}

/// The little of a file system that the sandbox needs.
enum FileTree {
    struct Entry: Sendable, Equatable {
        /// Below the folder that was listed.
        let path: String
        let mode: UInt32
        let size: Int
        let inode: UInt
        /// When content or mode changed last, in nanoseconds since 1970.
        let changed: Int
    }

    /// A bound on one file of an image and on the depth of its folders.
    private static let mostBytes = 256 * 1_048_576
    private static let deepest = 32

    static func isFolder(_ path: String) -> Bool { status(path).map { $0.st_mode & S_IFMT == S_IFDIR } ?? false }
    static func isFile(_ path: String) -> Bool { status(path).map { $0.st_mode & S_IFMT == S_IFREG } ?? false }
    static func exists(_ path: String) -> Bool { status(path) != nil }

    private static func status(_ path: String) -> stat? {
        var status = stat()
        return stat(path, &status) == 0 ? status : nil
    }

    /// The names in a folder, sorted; without those that begin with a dot.
    static func names(in folder: String) throws(FileError) -> [String] {
        guard let stream = opendir(folder) else { throw FileError(folder) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// All files below a folder, sorted by path; links are followed.
    static func files(under folder: String) throws(FileError) -> [Entry] {
        try files(under: folder, "", depth: 0).sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }

    private static func files(under folder: String, _ prefix: String, depth: Int) throws(FileError) -> [Entry] {
        guard depth < deepest else { throw FileError(folder, "is nested too deep") }
        var entries: [Entry] = []
        for name in try names(in: folder) {
            guard let status = status("\(folder)/\(name)") else { throw FileError("\(folder)/\(name)") }
            if status.st_mode & S_IFMT == S_IFDIR {
                entries += try files(under: "\(folder)/\(name)", "\(prefix)\(name)/", depth: depth + 1)
            } else if status.st_mode & S_IFMT == S_IFREG {
                entries.append(
                    Entry(
                        path: "\(prefix)\(name)", mode: status.st_mode, size: Int(status.st_size),
                        inode: UInt(status.st_ino),
                        changed: status.st_ctim.tv_sec * 1_000_000_000 + status.st_ctim.tv_nsec))
            }
        }
        return entries
    }

    static func read(_ path: String) throws(FileError) -> [UInt8] {
        // Opening a pipe of that name must not block.
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { throw FileError(path) }
        defer { close(file) }
        guard isFile(path) else { throw FileError(path, "is not a file") }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(file, &buffer, buffer.count)
            guard count >= 0 else {
                if errno == EINTR { continue }
                throw FileError(path)
            }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
            guard bytes.count <= mostBytes else { throw FileError(path, "is larger than 256 MiB") }
        }
    }

    /// Writes a file so that after a crash the old or the new content is there, never a part. Only its owner can read it.
    static func replace(_ path: String, with bytes: [UInt8]) throws(FileError) {
        let temporary = "\(path).new"
        let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw FileError(temporary) }
        var start = 0
        while start < bytes.count {
            let count = bytes.withUnsafeBytes { write(file, $0.baseAddress.map { $0 + start }, bytes.count - start) }
            guard count >= 0 || errno == EINTR else {
                let error = FileError(temporary)
                close(file)
                throw error
            }
            start += max(0, count)
        }
        guard close(file) == 0, rename(temporary, path) == 0 else { throw FileError(path) }
    }

    /// Makes a folder with all that lead to it.
    static func makeFolder(_ path: String) throws(FileError) {
        var made = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            made += "/\(part)"
            guard mkdir(made, 0o755) == 0 || errno == EEXIST else { throw FileError(made) }
        }
        guard isFolder(path) else { throw FileError(path, "is not a folder") }
    }

    /// The path without links and dots.
    static func absolute(_ path: String) throws(FileError) -> String {
        guard let real = realpath(path, nil) else { throw FileError(path) }
        defer { free(real) }
        return String(cString: real)
    }
}
