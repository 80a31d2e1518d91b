import ArgumentParser
import Manifest

/// Names that options or answers give for a new manifest.
enum NameCheck {
    static let label = "1 to 64 of A-Z a-z 0-9 . _ -"
    static let cluster = "a cluster's name or ARN"
    static let service = "a service's name, not its ARN"

    /// - Parameter form: what the option takes.
    static func check(_ value: String?, _ option: String, _ isRight: (String) -> Bool, _ form: String) throws {
        if let value, !isRight(value) { throw ValidationError("\(option) takes \(form).") }
    }

    /// The names of services, each once.
    static func check(services: [String]) throws {
        for service in services { try check(service, "--service", Syntax.isService, Self.service) }
        if Set(services).count < services.count { throw ValidationError("--service names a service twice.") }
    }
}
