import Glibc
import Time

/// This machine's clock.
enum MachineClock {
    /// Milliseconds since 1970.
    static var milliseconds: Int {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return time.tv_sec * 1_000 + time.tv_nsec / 1_000_000
    }

    static func timestamp(_ milliseconds: Int) -> Timestamp { Timestamp(seconds: Int64(milliseconds / 1_000)) }
}
