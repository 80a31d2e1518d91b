import JSON
import Ledger

/// What is written down before a revision is registered.
struct RegisterOrder: Record {
    let family: String
    /// Of the wanted content.
    let digest: String
    /// The released image, as the content names it.
    let image: String
    /// The digest of the content without its released images.
    let base: String
}

extension RegisterOrder {
    init?(_ json: JSON) {
        guard let family = json["family"]?.string, let digest = json["digest"]?.string,
            let image = json["image"]?.string, let base = json["base"]?.string
        else { return nil }
        self.init(family: family, digest: digest, image: image, base: base)
    }

    var json: JSON {
        .members(["family": family, "digest": digest, "image": image, "base": base])
    }
}
