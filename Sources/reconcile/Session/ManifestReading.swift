import AWS
import Base
import Manifest
import Resources

/// Reads the manifests of one invocation. What they take from the Parameter Store and from Terraform states is looked up in
/// between, each once: what is wrong with a manifest is known before AWS is asked.
struct ManifestReading {
    let loader: ManifestLoader
    let options: CommonOptions
    let access: SharedAccess

    /// - Returns: for each path, in order, the manifest or what is wrong with it.
    func load(_ paths: [String]) async -> [Result<Manifest, Failure>] {
        let surveys = paths.map { path in Result { () throws(Failure) in try loader.survey(path) } }
        var lookups = Lookups(options: options, access: access)
        await lookups.readParameters(for: surveys.compactMap(Self.needing))
        var results: [Result<Manifest, Failure>] = []
        for (path, survey) in zip(paths, surveys) {
            guard let manifest = Self.needing(survey) else {
                results.append(survey)
                continue
            }
            do throws(Failure) {
                let found = try await lookups.found(for: manifest)
                results.append(.success(try loader.load(path, found)))
            } catch {
                results.append(.failure(error))
            }
        }
        return results
    }

    private static func needing(_ survey: Result<Manifest, Failure>) -> Manifest? {
        guard case .success(let manifest) = survey, !manifest.unread.isEmpty else { return nil }
        return manifest
    }
}

/// What was looked up for the manifests of one invocation.
private struct Lookups {
    let options: CommonOptions
    let access: SharedAccess
    /// By the manifest's region and the name; nil for one that does not exist.
    private var parameters: [String: [String: Result<LookedUp.Parameter, Failure>]] = [:]
    private var states: [StatePlace: Result<LookedUp.State, Failure>] = [:]

    init(options: CommonOptions, access: SharedAccess) {
        self.options = options
        self.access = access
    }

    /// - Throws: ``Failure``, with each place that needs what could not be looked up.
    mutating func found(for manifest: Manifest) async throws(Failure) -> LookedUp {
        var found = LookedUp()
        try await check(manifest)
        for need in manifest.unread {
            do throws(Failure) {
                switch need.lookup.kind {
                case .parameter:
                    found.parameters[need.lookup.name] =
                        try parameters[manifest.region ?? ""]?[need.lookup.name]?.get() ?? .absent
                case .state: if let place = manifest.state { found.state = try await state(place, manifest) }
                }
            } catch {
                throw error.with { $0.cause += ["\(need.place): \(need.lookup.expression) needs it"] }
            }
        }
        return found
    }

    /// With credentials of another account nothing is read.
    private func check(_ manifest: Manifest) async throws(Failure) {
        guard let account = options.account ?? manifest.account else { return }
        try await access.check(account, try await access.caller(for: manifest, options))
    }

    // MARK: - Parameters

    mutating func readParameters(for manifests: [Manifest]) async {
        var names: [String: [String]] = [:]
        for manifest in manifests {
            do { try await check(manifest) } catch { continue }
            for need in manifest.unread where need.lookup.kind == .parameter {
                let region = manifest.region ?? ""
                if names[region]?.contains(need.lookup.name) != true {
                    names[region, default: []].append(need.lookup.name)
                }
            }
        }
        for (region, names) in names {
            for start in stride(from: 0, to: names.count, by: ParameterClient.most) {
                let batch = Array(names[start..<min(start + ParameterClient.most, names.count)])
                await read(batch, region)
            }
        }
    }

    /// One name that may not be read has all of a call denied: then each is asked for alone.
    private mutating func read(_ names: [String], _ region: String) async {
        do throws(Failure) {
            let caller = try await access.caller(region: region.isEmpty ? nil : region, options)
            let values: [String: ParameterClient.Value]
            do { values = try await ParameterClient(caller.patient(.quiet)).values(of: names) } catch {
                throw .aws(reading: error, nil, "read \(names.count == 1 ? "the parameter \(names[0])" : "parameters")")
            }
            for name in names { parameters[region, default: [:]][name] = .success(LookedUp.Parameter(values[name])) }
        } catch {
            if error.code == .awsDenied, names.count > 1 {
                for name in names { await read([name], region) }
            } else {
                for name in names { parameters[region, default: [:]][name] = .failure(error) }
            }
        }
    }

    // MARK: - States

    private mutating func state(_ place: StatePlace, _ manifest: Manifest) async throws(Failure) -> LookedUp.State {
        if let known = states[place] { return try known.get() }
        let result: Result<LookedUp.State, Failure>
        do throws(Failure) { result = .success(try await read(place, manifest)) } catch { result = .failure(error) }
        states[place] = result
        return try result.get()
    }

    private func read(_ place: StatePlace, _ manifest: Manifest) async throws(Failure) -> LookedUp.State {
        let bytes: [UInt8]
        switch place {
        case .file(let path):
            do throws(Failure) { bytes = try Inputs.read(path) } catch {
                guard error.code == .manifestUnreadable else { throw error }
                return .unusable(error.summary, hint: error.hint)
            }
        case .object(let name, let key):
            guard options.sandbox == nil || Machine.environment["AWS_ENDPOINT_URL_S3"] != nil else {
                return .unusable("the sandbox has no S3", hint: "name a file, or set AWS_ENDPOINT_URL_S3")
            }
            let bucket = S3Bucket(try await access.caller(for: manifest, options), name: name, prefix: "")
            guard let object = try await Self.object(key, in: bucket) else {
                return .unusable("\(place.name) does not exist", hint: "check the bucket and the key")
            }
            bytes = object
        }
        do { return .read(try TerraformState(bytes)) } catch {
            return .unusable("\(place.name): \(error.reason)", hint: error.hint)
        }
    }

    /// nil for one that does not exist.
    private static func object(_ key: String, in bucket: S3Bucket) async throws(Failure) -> [UInt8]? {
        do throws(AWSError) {
            return try await ReadPatience.quiet.reading(
                remaining: { Deadline.current?.remaining }, slowDown: {},
                call: { () throws(AWSError) in try await bucket.get(key)?.body })
        } catch {
            if error.code == "NoSuchBucket" { return nil }
            throw .aws(reading: error, nil, "read the Terraform state s3://\(bucket.name)/\(key)")
        }
    }
}

extension LookedUp.Parameter {
    /// - Parameter value: nil for one that does not exist.
    fileprivate init(_ value: ParameterClient.Value?) {
        self =
            switch value {
            case .text(let text): .text(text)
            case .list: .list
            case .secret: .secret
            case nil: .absent
            }
    }
}
