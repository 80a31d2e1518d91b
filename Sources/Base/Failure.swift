import JSON

/// The one type of failure: what went wrong, where, why, and what to do next. Holds no value of any secret.
public struct Failure: Error, Sendable, Equatable, JSONValue {
    /// What a failed mutating call may have done all the same.
    public enum Effect: Sendable, Equatable {
        /// The server refused it, or never saw it.
        case none
        /// No answer came, or none that can be read: its effect must be looked for before anything else is done.
        case unknown
    }

    public let code: Code
    public var resource: ResourceID?
    /// One sentence: what happened.
    public var summary: String
    /// The next step, in the imperative.
    public var hint: String
    /// Why, line by line: stop codes, reasons, exit codes, the last log lines.
    public var cause: [String]
    /// Where in the sources, for failures of input.
    public let problems: [Problem]
    public var effect: Effect
    /// Whether the same call may succeed a little later.
    public var isTransient: Bool

    public init(
        _ code: Code, _ summary: String, of resource: ResourceID? = nil, hint: String, cause: [String] = [],
        problems: [Problem] = [], effect: Effect = .none, isTransient: Bool = false
    ) {
        self.code = code
        self.resource = resource
        self.summary = summary
        self.hint = hint
        self.cause = cause
        self.problems = problems
        self.effect = effect
        self.isTransient = isTransient
    }

    /// For what cannot happen as long as this program is right.
    public static func broken(_ summary: String, of resource: ResourceID? = nil, cause: [String] = []) -> Failure {
        Failure(
            .invariantBroken, summary, of: resource,
            hint: "this is a bug: please report it with the manifest and the output of apply --verbose", cause: cause)
    }

    public var exit: ExitCode { code.exit }

    /// The same failure with something changed in it.
    public func with(_ change: (inout Failure) -> Void) -> Failure {
        var failure = self
        change(&failure)
        return failure
    }

    /// The form in JSON output and in the ledger.
    public var json: JSON {
        .members([
            "code": code.rawValue, "resource": resource, "summary": summary, "hint": hint,
            "cause": cause.isEmpty ? nil : cause, "problems": problems.isEmpty ? nil : problems.map(\.json),
        ])
    }
}

/// One thing wrong with a source, at its place.
public struct Problem: Sendable, Equatable {
    public let file: String
    /// nil where the file as a whole is meant.
    public let position: Position?
    public let message: String
    public let hint: String?

    public init(file: String, position: Position?, message: String, hint: String? = nil) {
        self.file = file
        self.position = position
        self.message = message
        self.hint = hint
    }

    /// `file:line:column`
    public var place: String { position.map { "\(file):\($0)" } ?? file }

    var json: JSON {
        .members([
            "file": file, "line": position?.line, "column": position?.column, "message": message, "hint": hint,
        ])
    }
}
