import Base
import Glibc

/// Reading and writing files.
enum Files {
    /// - Throws: ``Failure`` with code `manifest-unreadable`, or `deadline-reached` for a pipe that no one writes into.
    static func read(_ path: String) throws(Failure) -> [UInt8] {
        // Opening a pipe would otherwise wait for a writer.
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { throw unreadable(path) }
        defer { close(file) }
        var status = stat()
        // One byte more than there are, so that the end of a usual file is seen by its second reading.
        let size = fstat(file, &status) == 0 ? Int(status.st_size) + 1 : 0
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: min(max(size, 512), 65_536))
        let isFile = status.st_mode & S_IFMT == S_IFREG
        while true {
            if !isFile { try awaitInput(file, path) }
            let count = Glibc.read(file, &buffer, buffer.count)
            if count == 0 { return bytes }
            if count < 0, errno == EAGAIN || errno == EINTR { continue }
            guard count > 0 else { throw unreadable(path) }
            bytes += buffer[..<count]
            // Whoever reads has a tighter bound; this one keeps a device file from filling the memory.
            guard bytes.count <= 64 << 20 else { return bytes }
        }
    }

    /// Waits until a pipe or a terminal has something to read or has come to its end.
    private static func awaitInput(_ file: Int32, _ path: String) throws(Failure) {
        while true {
            let left = Deadline.current?.remaining
            if let deadline = Deadline.current, let left, left <= .zero {
                throw .deadlineReached(
                    after: deadline.limit,
                    last: Failure(.manifestUnreadable, "\(path) is still being written", hint: "check what writes it"))
            }
            var wanted = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
            let milliseconds = left.map { Int32(min($0 / .milliseconds(1), 86_400_000)) + 1 } ?? -1
            let count = poll(&wanted, 1, milliseconds)
            if count > 0 { return }
            guard count == 0 || errno == EINTR else { throw unreadable(path) }
        }
    }

    /// A file's text, or nil where it cannot be read. `~/` is the home folder.
    static func text(_ path: String, environment: [String: String]) -> String? {
        do { return String(decoding: try read(resolved(path, environment: environment)), as: UTF8.self) } catch {
            return nil
        }
    }

    static func isThere(_ path: String, environment: [String: String]) -> Bool {
        access(resolved(path, environment: environment), F_OK) == 0
    }

    /// A path with the home folder in place of `~`.
    static func resolved(_ path: String, environment: [String: String]) -> String {
        path.hasPrefix("~/") ? (environment["HOME"] ?? "") + path.dropFirst() : path
    }

    /// Writes a file whole, or leaves the one that is there as it was. A link stays one, and leads to the new file. What
    /// is no file, such as a pipe, is written into: to replace it would be to take it away from whoever reads it.
    ///
    /// - Parameter mode: of a new file, within the umask; one that is there is never opened wider.
    /// - Throws: ``Failure`` with code `output-unwritable`.
    static func write(_ text: String, to path: String, mode: mode_t = 0o600) throws(Failure) {
        let bytes = Array(text.utf8)
        var status = stat()
        let isThere = stat(path, &status) == 0
        let reason: Int32? =
            if isThere, status.st_mode & S_IFMT != S_IFREG || isStandardOutput(status) {
                pour(bytes, into: path, isStandardOutput: isStandardOutput(status))
            } else {
                replace(followed(path), by: bytes, isThere ? status.st_mode & mode : mode)
            }
        guard let reason else { return }
        throw Failure(
            .outputUnwritable, "\(path) cannot be written: \(String(cString: strerror(reason)))",
            hint: "check the folder and its permissions")
    }

    private static func isStandardOutput(_ status: stat) -> Bool {
        var other = stat()
        return fstat(1, &other) == 0 && other.st_dev == status.st_dev && other.st_ino == status.st_ino
    }

    private static func pour(_ bytes: [UInt8], into path: String, isStandardOutput: Bool) -> Int32? {
        // Through another descriptor it would be written over what stands in the file already.
        if isStandardOutput { return Descriptor.write(bytes, to: 1) }
        let file = open(path, O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { return errno }
        defer { close(file) }
        return Descriptor.write(bytes, to: file)
    }

    private static func replace(_ path: String, by bytes: [UInt8], _ mode: mode_t) -> Int32? {
        let draft = "\(path).draft-\(getpid())"
        let file = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard file >= 0 else { return errno }
        var reason = Descriptor.write(bytes, to: file)
        if reason == nil, fsync(file) != 0 { reason = errno }
        close(file)
        if reason == nil, rename(draft, path) != 0 { reason = errno }
        if reason != nil { unlink(draft) }
        return reason
    }

    /// Whether two paths lead to one file.
    static func areSame(_ one: String, _ other: String) -> Bool {
        var first = stat()
        var second = stat()
        guard stat(one, &first) == 0, stat(other, &second) == 0 else { return one == other }
        return first.st_dev == second.st_dev && first.st_ino == second.st_ino
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

    /// From the root on and without symbolic links, if there is something at the path.
    static func absolute(_ path: String) -> String {
        guard let found = realpath(path, nil) else { return path }
        defer { free(found) }
        return String(cString: found)
    }

    /// The names in a folder; nil where it cannot be read, with the reason in `errno`.
    static func names(in folder: String) -> [String]? {
        guard let directory = opendir(folder) else { return nil }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Makes the folders that a path leads through, as far as they are missing.
    ///
    /// - Throws: ``Failure`` with code `output-unwritable`.
    static func makeFolder(of path: String) throws(Failure) {
        for (index, byte) in zip(path.utf8.indices, path.utf8)
        where byte == UInt8(ascii: "/") && index > path.startIndex {
            let folder = String(path[..<index])
            if isFolder(folder) || mkdir(folder, 0o755) == 0 { continue }
            throw Failure(
                .outputUnwritable, "the folder \(folder) cannot be made: \(String(cString: strerror(errno)))",
                hint: "check the path and its permissions")
        }
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Whether nothing is there; a place that cannot be looked at may hold anything.
    static func isVacant(_ path: String) -> Bool { !exists(path) && (errno == ENOENT || errno == ENOTDIR) }

    /// For what the system has just refused.
    static func unreadable(_ path: String) -> Failure {
        Failure(
            .manifestUnreadable, "\(path) cannot be read: \(String(cString: strerror(errno)))",
            hint: "check the path and its permissions")
    }
}
