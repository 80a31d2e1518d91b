/// What an image of the simulated application does when it is run. Times in milliseconds.
public struct ImageScript: Sendable, Equatable {
    public enum Migration: Sendable, Equatable {
        case succeeds(after: Int)
        case fails(code: Int, after: Int)
        /// Its host vanishes: no exit code is ever known. Whether the database had the change by then, is not either.
        case vanishes(applied: Bool, after: Int)
        /// Its host vanishes in the midst of it: the database has half of the change.
        case breaks(after: Int)
        /// It ends with 0, and its last line says that the database has half of the change.
        case saysDirty(after: Int)
        /// The second container fails first. ECS stops the migration for that, which ends in good order and with 0, undone.
        case outlived(after: Int)
        case hangs
        case cannotStart
    }

    public enum App: Sendable, Equatable {
        case runs
        case crashes(after: Int)
    }

    /// What the function of a lifecycle hook says of a deployment of the image.
    public enum Hook: Sendable, Equatable {
        case passes
        case fails
        case neverAnswers
    }

    public var hook = Hook.passes
    /// After which time of its service the alarm goes off.
    public var alarm: Int?
    /// The schema version that the image's migrations lead to.
    public var version: String
    /// The one that they lead to where it is asked for by name: what old code does not survive.
    public var contraction: String?
    public var migration: Migration
    public var app: App

    public init(version: String, migration: Migration = .succeeds(after: 100), app: App = .runs) {
        self.version = version
        self.migration = migration
        self.app = app
    }

    /// The same image with all mended.
    var healed: ImageScript {
        var healed = ImageScript(version: version)
        healed.contraction = contraction
        return healed
    }

    /// The version that a migration leads to.
    ///
    /// - Parameter name: what it is asked for.
    func version(asked name: String?) -> String { name != nil && name == contraction ? name ?? version : version }
}
