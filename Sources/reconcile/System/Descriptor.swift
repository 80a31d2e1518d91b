import Glibc

/// Writing to what is open already.
enum Descriptor {
    /// Writes all of it, however many calls that takes.
    ///
    /// - Returns: the system's reason where it could not, else nil.
    static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32? {
        var left = bytes[...]
        while !left.isEmpty {
            let count = left.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 {
                left = left.dropFirst(count)
            } else if errno == EAGAIN {
                // Someone who shares it has made it non-blocking.
                var wanted = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&wanted, 1, -1)
            } else if errno != EINTR {
                return errno
            }
        }
        return nil
    }

    /// Takes the numbers of standard streams that were closed: else the next file to be opened had one of them, and the
    /// result would be written into it. Writing there fails, as it did.
    static func reserveStreams() {
        for number in Int32(0)...2 where fcntl(number, F_GETFD) == -1 {
            // The lowest number that is free, and so this one.
            _ = open("/dev/null", O_RDONLY)
        }
    }
}
