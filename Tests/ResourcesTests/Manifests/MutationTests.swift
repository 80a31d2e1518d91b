import Support
import Testing

@testable import Base
@testable import Manifest
@testable import Resources

/// Damaged manifests: whatever a file holds, loading it ends, and ends in a manifest or in problems.
@Suite("A damaged manifest")
struct MutationTests {
    static let seed: UInt64 = 20_260_131

    /// A manifest with the files that it names.
    struct Source {
        var files: [String: [UInt8]]
        let path: String

        func load() -> Result<Manifest, Failure> {
            do throws(Failure) {
                return .success(
                    try ManifestLoader(
                        variables: CorpusTests.variables, overrides: Overrides(),
                        read: { (path) throws(Failure) in
                            guard let bytes = files[path] else {
                                throw Failure(.manifestUnreadable, "\(path) cannot be read", hint: "check the path")
                            }
                            return bytes
                        }
                    ).load(path))
            } catch { return .failure(error) }
        }
    }

    /// The good manifests of one form, without those whose sense lies in the command line.
    static func sources(_ corpus: String) throws -> [Source] {
        try Corpus(corpus).cases.filter(\.options.isEmpty).map { Source(files: $0.bytes, path: $0.manifest) }
    }

    /// All their texts, in an order that is the same in every process.
    static func texts(_ sources: [Source]) -> [[UInt8]] {
        sources.flatMap { source in source.files.sorted { $0.key < $1.key }.map(\.value) }
    }

    /// What a manifest that was read must be, however its file came to be.
    static func complaint(_ manifest: Manifest) -> String? {
        let names = manifest.services.map(\.name)
        let times = (manifest.services.map(\.timeout) + [manifest.schema?.migrate.timeout]).compactMap(\.self)
        if names.isEmpty || Set(names).count != names.count { return "its services are \(names)" }
        if !names.allSatisfy(Syntax.name.admit) || !Syntax.label.admit(manifest.environment) { return "a name is none" }
        if !times.allSatisfy({ $0 > .zero && $0 <= .seconds(86_400) }) { return "a time-out is \(times)" }
        if !manifest.services.compactMap(\.desiredCount).allSatisfy((0...5_000).contains) { return "a count is none" }
        if manifest.schema?.migrate.command.isEmpty == true { return "its command is empty" }
        if case .declared(let version) = manifest.schema?.version, !Syntax.isVersion(version) { return "its version" }
        switch manifest.image.version {
        case .tag(let tag): return Syntax.isTag(tag) ? nil : "its tag is \(tag)"
        case .digest(let digest): return Syntax.isDigest(digest) ? nil : "its digest is \(digest)"
        case .lastApplied: return "its tag is left to what was applied last"
        }
    }

    static func complaint(_ failure: Failure, of source: Source) -> String? {
        guard failure.code == .manifestInvalid, !failure.problems.isEmpty else { return "it ends in \(failure)" }
        for problem in failure.problems {
            guard let position = problem.position, let bytes = source.files[problem.file] else {
                return "\(problem) has no place"
            }
            let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
            guard (1...max(lines.count, 1)).contains(position.line), position.column >= 1,
                position.column <= (lines.isEmpty ? 0 : lines[position.line - 1].count) + 1
            else { return "\(problem.place) is not in the file" }
            let told = problem.message + (problem.hint ?? "")
            guard told.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }), told.utf8.count < 1_000
            else {
                return "its problem is told as \(told)"
            }
        }
        return nil
    }

    @Test(
        "ends in a manifest or in problems with their places, twice in the same",
        arguments: [("good-json", 7_000), ("good-yaml", 5_000)])
    func mutants(corpus: String, count: Int) throws {
        let sources = try Self.sources(corpus)
        var mutator = Mutator(seed: Self.seed, donors: Self.texts(sources))
        var read = 0
        var refused: [Int: Int] = [:]
        for number in 0..<count {
            var mutant = sources[number % sources.count]
            // Now and then it is a file that the manifest names.
            let path = mutant.files.keys.sorted()[number / sources.count % mutant.files.count]
            let (bytes, kinds) = mutator.mutate(mutant.files[path] ?? [])
            mutant.files[path] = bytes
            let what: Comment =
                "seed \(Self.seed), number \(number), kinds \(kinds): \(String(decoding: bytes, as: UTF8.self))"
            let outcome = mutant.load()
            #expect(outcome == mutant.load(), what)
            switch outcome {
            case .success(let manifest):
                read += 1
                #expect(Self.complaint(manifest) == nil, what)
            case .failure(let failure):
                for kind in kinds { refused[kind, default: 0] += 1 }
                #expect(Self.complaint(failure, of: mutant) == nil, what)
            }
        }
        // Neither may the damage be so great that all are refused, nor so small that it does nothing.
        #expect(read > count / 50 && read < count / 2, "seed \(Self.seed): \(read) of \(count) were read")
        #expect(refused.count == Mutator.kinds, "seed \(Self.seed): \(refused)")
    }

    @Test("in JSON that is read all the same says the same when it is read as YAML")
    func both() throws {
        let sources = try Self.sources("good-json").filter { $0.files.count == 1 }
        var mutator = Mutator(seed: Self.seed + 1, donors: Self.texts(sources))
        var read = 0
        for number in 0..<3_000 {
            let source = sources[number % sources.count]
            let (bytes, kinds) = mutator.mutate(source.files[source.path] ?? [])
            guard case .success(var manifest) = Source(files: ["m.json": bytes], path: "m.json").load() else {
                continue
            }
            // The one difference that is meant: a tab indents no YAML.
            guard !bytes.contains(0x09) else { continue }
            read += 1
            manifest.path = "m.yaml"
            let what: Comment =
                "seed \(Self.seed), number \(number), kinds \(kinds): \(String(decoding: bytes, as: UTF8.self))"
            #expect(Source(files: ["m.yaml": bytes], path: "m.yaml").load() == .success(manifest), what)
        }
        #expect(read > 100, "\(read)")
    }
}
