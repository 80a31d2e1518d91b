import Base
import Glibc
import Synchronization

/// The files that a command was given: each is read once, because a pipe or standard input has its content only once, and
/// because what is compared later must be what was read.
enum Inputs {
    private static let known = Mutex<[String: [UInt8]]>([:])

    /// - Throws: ``Failure`` with code `manifest-unreadable`, or `deadline-reached` for a pipe that no one writes into.
    static func read(_ path: String) throws(Failure) -> [UInt8] {
        if let bytes = known.withLock({ $0[path] }) { return bytes }
        let bytes = try Files.read(path)
        return known.withLock { known in
            if let other = known[path] { return other }
            known[path] = bytes
            return bytes
        }
    }
}
