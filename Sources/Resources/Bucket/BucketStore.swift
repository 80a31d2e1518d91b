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
    ///
    /// Both the bucket's caller and the clock go on for ``grace`` beyond the deadline of the run: how it ended is to be recorded, and
    /// its locks are to be given back.
    public init(_ bucket: S3Bucket, patience: ReadPatience, clock: EngineClock) {
        self.bucket = bucket
        self.patience = patience
        self.clock = clock
    }

    /// Less than what an invocation is ended after at last.
    public static let grace = Duration.seconds(1)

    public var url: String { "s3://\(bucket.name)/\(bucket.prefix.dropLast())" }

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
            if error.isUnsupported { throw unfit(error) }
            let failure = self.failure(.aws(error, nil, "write the ledger \(url)"), error)
            guard error.mayHaveHadEffect || error.isTransient else { throw failure }
            return .unknown(failure)
        }
    }

    public func pause(_ tries: Int, after failure: Failure) async throws(Failure) {
        try await clock.wait(patience.pause(after: tries))
        if let limit = clock.limit, clock.isOver { throw .deadlineReached(after: limit, last: failure) }
    }

    private func reading<Result: Sendable>(
        _ call: () async throws(AWSError) -> Result
    ) async throws(Failure) -> Result {
        do {
            return try await patience.reading(remaining: { clock.remaining }, slowDown: {}, call: call)
        } catch {
            throw failure(.aws(reading: error, nil, "read the ledger \(url)"), error)
        }
    }

    private func failure(_ failure: Failure, _ error: AWSError) -> Failure {
        if failure.code == .interrupted { return .interrupted }
        guard error.code == "NoSuchBucket" else { return failure }
        return failure.with {
            $0.hint =
                "make the bucket, or name another one with --ledger:\naws s3api create-bucket --bucket \(bucket.name)"
        }
    }

    private func unfit(_ error: AWSError) -> Failure {
        Failure(
            .ledgerStoreUnfit, "\(url) cannot hold a ledger: its store does not take writes with conditions",
            hint: "use a bucket of Amazon S3", cause: [error.description])
    }
}
