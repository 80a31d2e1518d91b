import Glibc

/// Identifies the place of a process's file locks. A process that gets such a lock knows that the previous holder at the same
/// place has ended.
enum LockSite {
    /// The same for all processes that see the same lock files, and no others: a name of the folder's own, the machine's present
    /// start, and the file systems that this process sees. A container has other ones than its host.
    ///
    /// - Parameters:
    ///   - folder: in which the lock files are.
    ///   - random: for a folder that has no name yet.
    /// - Returns: nil where it cannot be known.
    static func name(of folder: String, random: () -> String) -> String? {
        let path = folder + "/site"
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if file >= 0 {
            let text = Array(random().utf8)
            write(file, text, text.count)
            close(file)
        }
        let name = ProcFile.text(path)
        let start = ProcFile.text("/proc/sys/kernel/random/boot_id").split(separator: "\n").first
        var link = [CChar](repeating: 0, count: 64)
        guard name.utf8.count == 32, let start, readlink("/proc/self/ns/mnt", &link, 63) > 0 else { return nil }
        return
            "\(name) \(start) \(String(decoding: link.prefix(while: { $0 != 0 }).map(UInt8.init(bitPattern:)), as: UTF8.self))"
    }
}
