import JSON
import Manifest
import Reconciler

/// A part of a document that is declared: what is not in it stays as it is.
enum DeclaredPart {
    /// The fields in which a document is not as declared.
    static func differences(_ declared: JSON, in observed: JSON?, path: String) -> [FieldChange] {
        if case .object(let members) = declared {
            return members.members.flatMap { member in
                differences(member.value, in: observed?[member.key], path: "\(path).\(member.key)")
            }
        }
        if isSame(declared, observed) { return [] }
        return [FieldChange(path: path, from: observed.map(text), to: text(declared))]
    }

    /// The whole document with the declared part in it, for calls that take it whole.
    static func merge(_ declared: JSON, into observed: JSON?) -> JSON {
        guard case .object(let members) = declared, var merged = observed, merged.object != nil else { return declared }
        for member in members.members { merged[member.key] = merge(member.value, into: merged[member.key]) }
        return merged
    }

    /// Lists such as those of subnets have no order.
    private static func isSame(_ declared: JSON, _ observed: JSON?) -> Bool {
        // AWS writes some whole numbers as 10.0.
        if let number = declared.double { return number == observed?.double }
        guard case .array(let wanted) = declared, let found = observed?.array else { return declared == observed }
        return wanted.map(\.canonical).sorted { $0.precedes($1) } == found.map(\.canonical).sorted { $0.precedes($1) }
    }

    private static func text(_ json: JSON) -> String { json.string ?? json.canonical }
}

extension ServiceSpec {
    /// What CreateService is sent besides names and revision; nil for a service that must exist.
    var creationRequest: JSON? {
        guard var request = creation else { return nil }
        if let declared = settings.json { request = DeclaredPart.merge(declared, into: request) }
        request["desiredCount"] = .integer(desiredCount ?? request["desiredCount"]?.integer ?? 1)
        request["taskDefinition"] = nil
        return request
    }
}

extension ServiceSettings {
    /// As the ledger keeps it; nil where nothing is declared.
    var json: JSON? {
        let json: JSON = .members([
            "deploymentConfiguration": deploymentConfiguration, "networkConfiguration": networkConfiguration,
        ])
        return json.object?.isEmpty == true ? nil : json
    }
}
