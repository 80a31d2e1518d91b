/// What bounds a transfer. Times in milliseconds, sizes in bytes.
public struct TransferLimits: Sendable {
    public var connectTimeout = 5_000
    public var transferTimeout = 30_000
    public var responseSize = 32 << 20

    public init() {}
}
