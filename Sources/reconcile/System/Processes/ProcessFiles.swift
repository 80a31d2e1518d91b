import Glibc

/// Small files, read and removed without an error: what is not there says something, too.
enum ProcessFiles {
    /// nil where it cannot be read.
    static func text(_ path: String) -> String? {
        do { return String(decoding: try Files.read(path), as: UTF8.self) } catch { return nil }
    }

    static func names(in folder: String) -> [String] { Files.names(in: folder) ?? [] }

    /// A part of a file, from a byte on.
    static func bytes(_ path: String, from offset: Int, atMost most: Int) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return [] }
        defer { close(file) }
        var buffer = [UInt8](repeating: 0, count: most)
        let count = pread(file, &buffer, most, off_t(offset))
        return count > 0 ? Array(buffer[..<count]) : []
    }

    /// Removes a folder of files.
    static func remove(_ folder: String) {
        for name in names(in: folder) { unlink("\(folder)/\(name)") }
        rmdir(folder)
    }
}
