import AWS
import Base
import Ledger
import Reconciler

/// A ledger's objects in a bucket of Amazon S3.
public struct BucketStore: ObjectStore {
    private let bucket: S3Bucket
    private let patience: ReadPatience
    private let clock: EngineClock

    /// - Parameters:
    ///   - patience: how readings are tried again. Writes never are.
    ///   - clock: what ends a run.
    public init(_ bucket: S3Bucket, patience: ReadPatience, clock: EngineClock) {
        self.bucket = bucket
        self.patience = patience
        self.clock = clock
    }

    public var url: String { "s3://\(bucket.name)/\(bucket.prefix)" }

    public func get(_ name: String) async throws(Failure) -> StoredObject? {
        try await reading { () throws(AWSError) in
            try await bucket.get(name).map { StoredObject(body: $0.body, version: $0.etag, age: $0.age) }
        }
    }

    public func names(beginningWith start: String, after name: String) async throws(Failure) -> [String] {
        try await reading { () throws(AWSError) in try await bucket.list(start, after: name) }
    }

    public func put(_ name: String, _ body: [UInt8], if condition: WriteCondition) async throws(Failure) -> WriteResult
    {
        let asked: S3Bucket.Condition =
            switch condition {
            case .absent: .absent
            case .unchanged(let version): .unchanged(etag: version)
            case .none: .none
            }
        do {
            return switch try await bucket.put(name, body, if: asked) {
            case .done(let etag): .written(version: etag)
            case .conflict: .conflict
            }
        } catch {
            let failure = Failure.aws(error, nil, "write the ledger \(url)")
            guard error.mayHaveHadEffect || error.isTransient else { throw failure }
            return .unknown(failure)
        }
    }

    public func pause() async throws(Failure) {
        try await clock.wait(.milliseconds(200))
        if let limit = clock.limit, clock.isOver { throw .deadlineReached(after: limit, last: nil) }
    }

    private func reading<Result: Sendable>(
        _ call: () async throws(AWSError) -> Result
    ) async throws(Failure) -> Result {
        do {
            return try await patience.reading(remaining: { clock.remaining }, slowDown: {}, call: call)
        } catch {
            throw .aws(reading: error, nil, "read the ledger \(url)")
        }
    }
}
