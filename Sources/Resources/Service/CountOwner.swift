/// Who decides a service's desired count. Plan, apply and drift all ask here.
enum CountOwner: Sendable, Equatable {
    /// The manifest; with the bounds of a scalable target if the count is outside of them.
    case manifest(ClosedRange<Int>?)
    /// Application Auto Scaling: the count is within the bounds of a scalable target, and no apply takes it back.
    case autoScaling(ClosedRange<Int>)
    /// AWS denies reading the scalable targets, so that the count may belong to auto scaling: it stays as it is.
    case unknown

    /// - Parameter count: the desired count as AWS shows it.
    init(_ count: Int, _ finding: ScalingPool.Ownership) {
        switch finding {
        case .unscaled: self = .manifest(nil)
        case .scaled(let bounds) where bounds.contains(count): self = .autoScaling(bounds)
        case .scaled(let bounds): self = .manifest(bounds)
        case .denied: self = .unknown
        }
    }

    var isManifest: Bool { if case .manifest = self { true } else { false } }

    /// Why a count that is not as declared stays; nil if it does not.
    ///
    /// - Parameters:
    ///   - running: how many tasks run.
    ///   - declared: the manifest's count.
    func remark(running: Int, declared: Int?) -> String? {
        switch self {
        case .manifest: nil
        case .autoScaling(let bounds):
            "\(running) running, auto scaling keeps it between \(bounds.lowerBound) and \(bounds.upperBound)"
        case .unknown:
            "\(running) running, \(declared.map(String.init) ?? "none") declared: the count stays as it is, because AWS denies "
                + ScalingPool.permission
        }
    }
}
