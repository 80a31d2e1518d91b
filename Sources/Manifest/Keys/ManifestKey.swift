import Base
import JSON

/// One key of the manifest. What reads it, `manifest.schema.json` and the tables of `docs/manifest.md` come from this.
struct ManifestKey<Value: Sendable>: Sendable {
    let facts: KeyFacts
    /// What counts if the manifest leaves the key out.
    let standard: Value

    var name: String { facts.name }
}

extension ManifestKey {
    private init(
        _ name: String, _ form: KeyForm, _ need: KeyFacts.Need, bound: String = "", _ meaning: String, _ standard: Value
    ) {
        facts = KeyFacts(name: name, form: form, need: need, bound: bound, meaning: meaning)
        self.standard = standard
    }
}

extension ManifestKey where Value: ExpressibleByNilLiteral {
    static func required(_ name: String, _ form: KeyForm, bound: String = "", _ meaning: String) -> Self {
        Self(name, form, .required, bound: bound, meaning, nil)
    }

    /// - Parameter otherwise: in words, what counts if it is left out.
    static func optional(
        _ name: String, _ form: KeyForm, otherwise: String = "", bound: String = "", _ meaning: String
    ) -> Self {
        Self(name, form, .optional(otherwise: otherwise), bound: bound, meaning, nil)
    }
}

/// Keys that hold other keys; a list holds such an object for each of its elements.
extension ManifestKey where Value == ManifestSection {
    static func object(_ section: ManifestSection, otherwise: String = "", _ meaning: String) -> Self {
        let need = section.isRequired ? KeyFacts.Need.required : .optional(otherwise: otherwise)
        return Self(section.key, .object(section), need, meaning, section)
    }

    /// A list that may be left out.
    static func objects(_ section: ManifestSection, otherwise: String, _ meaning: String) -> Self {
        Self(section.key, .objects(section), .optional(otherwise: otherwise), meaning, section)
    }

    static func objects(_ section: ManifestSection, bound: String, _ meaning: String) -> Self {
        Self(section.key, .objects(section), .required, bound: bound, meaning, section)
    }
}

extension ManifestKey where Value == String {
    static func text(_ name: String, _ form: TextForm, standard: String, _ meaning: String) -> Self {
        Self(name, .text(form), .standard(.string(standard), note: ""), meaning, standard)
    }
}

extension ManifestKey where Value == Bool {
    static func flag(_ name: String, standard: Bool, _ meaning: String) -> Self {
        Self(name, .flag, .standard(.bool(standard), note: ""), meaning, standard)
    }
}

extension ManifestKey where Value == Duration {
    /// - Parameter note: where another default counts.
    static func duration(_ name: String, minutes: Int, note: String = "", bound: String = "", _ meaning: String) -> Self
    {
        let need = KeyFacts.Need.standard(.string("\(minutes)m"), note: note)
        return Self(name, .duration, need, bound: bound, meaning, .seconds(Int64(minutes * 60)))
    }
}

extension ManifestKey where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    static func choice(_ name: String, standard: Value, _ meaning: String) -> Self {
        let form = KeyForm.choice(Value.allCases.map(\.rawValue))
        return Self(name, form, .standard(.string(standard.rawValue), note: ""), meaning, standard)
    }
}

extension ManifestKey where Value == [String: String] {
    static func dictionary(_ name: String, _ meaning: String) -> Self {
        Self(name, .dictionary, .standard([:], note: ""), meaning, [:])
    }
}

extension ManifestKey where Value == [String] {
    static func strings(_ name: String, standard: [String], _ meaning: String) -> Self {
        Self(name, .strings, .standard(standard.json, note: ""), meaning, standard)
    }

    /// - Parameter otherwise: in words, what an absent list means.
    static func strings(_ name: String, otherwise: String, _ meaning: String) -> Self {
        Self(name, .strings, .optional(otherwise: otherwise), meaning, [])
    }
}
