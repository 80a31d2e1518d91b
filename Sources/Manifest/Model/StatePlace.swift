/// Where a Terraform state is, as `sources.tfstate` names it.
public enum StatePlace: Sendable, Hashable {
    /// Relative to the working folder.
    case file(String)
    case object(bucket: String, key: String)

    /// Why a name is none.
    public struct Misnamed: Error {
        public let reason: String
        public let hint: String
    }

    /// - Parameter file: where a file is that the manifest names.
    init(_ text: String, file: (String) -> String) throws(Misnamed) {
        let hint = "name a file, relative to the manifest, or s3://BUCKET/KEY"
        let bucket: BucketAddress?
        do { bucket = try BucketAddress(text) } catch {
            throw Misnamed(reason: "is not s3://BUCKET/KEY", hint: hint)
        }
        if let bucket {
            self = .object(bucket: bucket.bucket, key: String(bucket.prefix.dropLast()))
            return
        }
        guard !text.contains("://") else {
            throw Misnamed(
                reason: "is not at a place that reconcile can read",
                hint: hint + "; terraform state pull writes any state into a file")
        }
        // A null byte would end the name for the system, and so name another file.
        guard !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
            throw Misnamed(reason: "has a control character in it", hint: hint)
        }
        self = .file(file(text))
    }

    public var name: String {
        switch self {
        case .file(let path): path
        case .object(let bucket, let key): "s3://\(bucket)/\(key)"
        }
    }
}
