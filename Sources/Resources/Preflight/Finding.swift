import AWS
import Base
import JSON

/// What one check before a release has found.
public struct Finding: Sendable, Equatable {
    public enum Verdict: String, Sendable {
        case good = "ok"
        case warning
        case failure
        /// It could not be looked at, so nothing is known.
        case unchecked
    }

    /// What was checked, such as `service/web`.
    public let subject: String
    public let verdict: Verdict
    public let text: String
    /// The next step; nil where there is none to take.
    public let remedy: String?

    private init(_ subject: String, _ verdict: Verdict, _ text: String, _ remedy: String?) {
        self.subject = subject
        self.verdict = verdict
        self.text = text
        self.remedy = remedy
    }

    public static func good(_ subject: String, _ text: String) -> Finding { Finding(subject, .good, text, nil) }

    static func warning(_ subject: String, _ text: String, remedy: String) -> Finding {
        Finding(subject, .warning, text, remedy)
    }

    static func failure(_ subject: String, _ text: String, remedy: String) -> Finding {
        Finding(subject, .failure, text, remedy)
    }

    public static func unchecked(_ subject: String, _ text: String, remedy: String? = nil) -> Finding {
        Finding(subject, .unchecked, text, remedy)
    }

    /// - Parameter failure: what was found, and what an apply would end with.
    public static func failed(_ subject: String, _ failure: Failure) -> Finding {
        let cause = failure.cause.first.map { " (\($0))" } ?? ""
        return .failure(subject, failure.summary + cause, remedy: failure.hint)
    }

    /// - Parameter error: why nothing was found.
    static func unknown(_ subject: String, _ error: AWSError) -> Finding {
        if error.isUnsupported { return .unchecked(subject, "this endpoint does not have \(error.operation)") }
        let failure = Failure.aws(reading: error, nil, "look at it")
        return .unchecked(
            subject, "\(failure.summary) (\(error.description))",
            remedy: error.isAccessDenied ? failure.hint : nil)
    }

    /// The same with another next step.
    public func with(remedy: String?) -> Finding { Finding(subject, verdict, text, remedy) }

    public var json: JSON {
        .members(["check": subject, "verdict": verdict.rawValue, "text": text, "remedy": remedy])
    }
}
