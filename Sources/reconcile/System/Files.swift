import Glibc
import Reconciler

/// Reading files.
enum Files {
    /// - Throws: ``Failure`` with code `manifest-unreadable`.
    static func read(_ path: String) throws(Failure) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw unreadable(path) }
        defer { close(file) }
        var status = stat()
        // One byte more than there are, so that the end of a usual file is seen by its second reading.
        let size = fstat(file, &status) == 0 ? Int(status.st_size) + 1 : 0
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: min(max(size, 512), 65_536))
        while true {
            let count = Glibc.read(file, &buffer, buffer.count)
            if count == 0 { return bytes }
            guard count > 0 else { throw unreadable(path) }
            bytes += buffer[..<count]
            // Whoever reads has a tighter bound; this one keeps a device file from filling the memory.
            guard bytes.count <= 64 << 20 else { return bytes }
        }
    }

    /// A file's text, or nil where it cannot be read. `~/` is the home folder.
    static func text(_ path: String, environment: [String: String]) -> String? {
        let resolved = path.hasPrefix("~/") ? (environment["HOME"] ?? "") + path.dropFirst() : path
        do { return String(decoding: try read(resolved), as: UTF8.self) } catch { return nil }
    }

    /// Writes a file whole, or leaves the one that is there as it was.
    ///
    /// - Throws: ``Failure`` with code `output-unwritable`.
    static func write(_ text: String, to path: String) throws(Failure) {
        let draft = "\(path).draft-\(getpid())"
        let file = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw unwritable(path) }
        let bytes = Array(text.utf8)
        let isWritten = Glibc.write(file, bytes, bytes.count) == bytes.count && fsync(file) == 0
        close(file)
        guard isWritten, rename(draft, path) == 0 else {
            let failure = unwritable(path)
            unlink(draft)
            throw failure
        }
    }

    private static func unwritable(_ path: String) -> Failure {
        Failure(
            .outputUnwritable, "\(path) cannot be written: \(String(cString: strerror(errno)))",
            hint: "check the folder and its permissions")
    }

    /// What a symbolic link leads to in the end, there or not; any other path as it is.
    static func followed(_ path: String) -> String {
        var path = path
        // As many as the kernel follows.
        for _ in 0..<40 {
            var target = [UInt8](repeating: 0, count: Int(PATH_MAX))
            let count = readlink(path, &target, target.count)
            guard count > 0 else { break }
            let text = String(decoding: target[..<count], as: UTF8.self)
            let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
            path = text.hasPrefix("/") ? text : folder + text
        }
        return path
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    private static func unreadable(_ path: String) -> Failure {
        Failure(
            .manifestUnreadable, "\(path) cannot be read: \(String(cString: strerror(errno)))",
            hint: "check the path and its permissions")
    }
}
