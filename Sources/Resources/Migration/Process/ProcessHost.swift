import Base

/// The machine that `reconcile` runs on, as far as it runs programs that outlive `reconcile`.
///
/// Each has a folder of its own, in which all is that is known of it: so a later run finds it by its folder alone.
public protocol ProcessHost: Sendable {
    /// The machine's name.
    var name: String { get }
    /// What tells apart two starts of the machine.
    var boot: String { get }
    /// The variables that programs inherit.
    var environment: [String: String] { get }

    /// Starts a program, or finds the one that was started in its folder already: of two starts one alone runs it.
    ///
    /// - Throws: ``Failure`` with code `migration-not-started` where nothing was started.
    func start(_ order: ProcessOrder) async throws(Failure)

    /// Sees to it that no program starts in a folder any more.
    ///
    /// - Returns: whether none has started there before.
    func withdraw(_ folder: String) -> Bool

    /// What is known of the program in a folder.
    func state(in folder: String) -> ProcessState

    /// What it wrote from a byte on, up to some bytes; empty where there is no more yet.
    func log(in folder: String, from offset: Int) -> [UInt8]

    /// How long the log is now, in bytes: an end for whoever reads it while it grows; nil where it is gone.
    func logSize(in folder: String) -> Int?

    /// Ends the program in a folder with all that it has started, and returns when it is gone.
    func end(in folder: String) async

    /// The names of the folders of programs in a folder of them.
    func folders(in root: String) -> [String]

    /// Forgets a program that has ended.
    func remove(_ folder: String)
}

extension ProcessHost {
    /// Of a host whose logs do not grow after a program's end.
    public func logSize(in folder: String) -> Int? { .max }
}

/// A program to be run.
public struct ProcessOrder: Sendable, Equatable {
    public let folder: String
    public let command: [String]
    /// Variables next to those that are inherited.
    public let environment: [String: String]
    /// In whole seconds: then it is ended with all that it has started.
    public let timeout: Int
}

/// What is known of a program.
public enum ProcessState: Sendable, Equatable {
    /// Nothing was started in the folder.
    case absent
    /// By its process id, and by when it was started, in the machine's own count.
    case running(pid: Int, start: String)
    case exited(Int)
    /// Its command was not found, or is none that can be executed.
    case notFound
    /// It was ended: by whom, or why.
    case killed(String)
    /// It is gone, and no one saw its end.
    case lost
}
