import AWS
import Manifest
import Resources

/// A cluster that calls go to: the same for all names that a manifest, an option, a variable or a profile gives it.
///
/// One invocation has one set of credentials, so the account makes no difference.
struct Place: Hashable, Sendable {
    /// nil if none is set: nothing is sent then.
    let region: String?
    let cluster: String
}

/// Finds the places of one invocation's manifests. The shared files of the AWS SDKs are read once.
struct Places {
    private let settings: SettingsLoader
    private let isSandbox: Bool

    init(_ options: CommonOptions) {
        settings = SettingsLoader(options)
        isSandbox = options.sandbox != nil
    }

    /// A local sandbox has one region, whatever a manifest says.
    func place(of manifest: Manifest) -> Place {
        let region =
            isSandbox ? nil : manifest.clusterRegion ?? settings.region(manifestRegion: manifest.region)
        return Place(region: region, cluster: manifest.clusterName)
    }
}
