import Glibc

/// How a program is started that outlives this one, or only serves it: in a session of its own, so that Ctrl-C does not reach
/// it, with three descriptors and no other, because a lock that it inherited would outlive this process.
struct Spawn {
    enum Stream {
        case input(from: String)
        /// Appended to a file that only its user can read.
        case output(to: String)
        case descriptor(Int32)
        case sameAsOutput
    }

    let program: String
    /// The name first.
    let words: [String]
    /// `NAME=VALUE`
    let environment: [String]
    /// Standard input, output and error.
    let streams: [Stream]

    /// POSIX_SPAWN_SETSID, which glibc shows to programs only that ask for its extensions. (glibc, posix/spawn.h.)
    private static let newSession: Int16 = 0x80

    /// - Returns: the process; nil where the system refused, with the reason in `errno`.
    func start() -> pid_t? {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (number, stream) in zip(Int32(0)..., streams) {
            switch stream {
            case .input(let path): posix_spawn_file_actions_addopen(&actions, number, path, O_RDONLY, 0)
            case .output(let path):
                posix_spawn_file_actions_addopen(&actions, number, path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
            case .descriptor(let own): posix_spawn_file_actions_adddup2(&actions, own, number)
            case .sameAsOutput: posix_spawn_file_actions_adddup2(&actions, 1, number)
            }
        }
        for descriptor in ProcessFiles.names(in: "/proc/self/fd").compactMap({ Int32($0) }) where descriptor > 2 {
            posix_spawn_file_actions_addclose(&actions, descriptor)
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // Signals that this process ignores would be ignored by every program below, too.
        var signals = sigset_t()
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF) | Self.newSession)
        let words = self.words.map { strdup($0) } + [nil]
        let environment = self.environment.map { strdup($0) } + [nil]
        defer { for pointer in words + environment { free(pointer) } }
        var child: pid_t = 0
        let code = posix_spawn(&child, program, &actions, &attributes, words, environment)
        errno = code
        return code == 0 ? child : nil
    }
}
