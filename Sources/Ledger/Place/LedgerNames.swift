import Base
import Glibc

/// Refuses a ledger's file that can be reached under a second name: SQLite's log and the locks are next to the name, so two
/// runs under two names would neither see each other's entries nor keep each other out.
enum LedgerNames {
    /// - Throws: ``Failure`` with code `ledger-unreadable`.
    static func check(_ path: String) throws(Failure) {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return }
        if Int(status.st_nlink) > 1 + linksOfRebuild(path, status) {
            throw LedgerFailure.severalNames(
                path, "has \(status.st_nlink) names (hard links)",
                hint: "copy it, and put the copy in its place: cp -p \(path) \(path).copy && mv \(path).copy \(path)")
        }
        if isMountPoint(path) {
            throw LedgerFailure.severalNames(
                path, "is mounted as a single file", hint: "mount its folder instead of the file")
        }
    }

    /// A rebuild that was cut off has left the file under the name that it is kept by.
    private static func linksOfRebuild(_ path: String, _ status: stat) -> Int {
        var other = stat()
        var number = 1
        while stat("\(path).damaged-\(number)", &other) == 0 {
            if other.st_dev == status.st_dev, other.st_ino == status.st_ino { return 1 }
            number += 1
        }
        return 0
    }

    /// Lines such as `36 35 98:0 /mnt1 /mnt2 rw,noatime - ext3 /dev/root rw`; the fifth field is where it is mounted, with
    /// spaces and the like as `\040`. (Linux manual, proc_pid_mountinfo(5).)
    private static func isMountPoint(_ path: String) -> Bool {
        guard let real = realpath(path, nil) else { return false }
        defer { free(real) }
        let wanted = String(cString: real).flatMap { character in
            switch character {
            case " ": "\\040"
            case "\t": "\\011"
            case "\n": "\\012"
            case "\\": "\\134"
            default: String(character)
            }
        }
        return ProcFile.text("/proc/self/mountinfo").split(separator: "\n").contains { line in
            let words = line.split(separator: " ", maxSplits: 5)
            return words.count > 4 && words[4].elementsEqual(wanted)
        }
    }
}

/// Files of the kernel, which have no size of their own.
enum ProcFile {
    /// Empty if it cannot be read.
    static func text(_ path: String) -> String {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return "" }
        defer { close(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(file, &buffer, buffer.count)
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += buffer[..<count]
        }
    }
}
