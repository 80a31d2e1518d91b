import Foundation
import JSON
import SQLite
import Support
import Testing

@testable import Reconciler

@Suite("The cache of what AWS has told")
struct CacheFileTests {
    static func path() throws -> String { try Scratch.folder("cache") + "/a/b/aws.sqlite" }

    @Test("is there for the next run, and the newest value counts")
    func kept() throws {
        let path = try Self.path()
        let first = CacheFile(path: path)
        first.keep(["image": "one"], as: "k")
        first.keep(["image": "two"], as: "k")
        for cache in [first, CacheFile(path: path)] {
            #expect(cache.kept("k") == ["image": "two"])
            #expect(cache.kept("other") == nil)
        }
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test("is where the XDG Base Directory Specification has it, and relative paths are ignored")
    func place() throws {
        let folder = try Scratch.folder("cache")
        let rows: [([String: String], String?)] = [
            (["XDG_CACHE_HOME": folder + "/x", "HOME": folder], "/x/reconcile/aws.sqlite"),
            (["XDG_CACHE_HOME": "x", "HOME": folder], "/.cache/reconcile/aws.sqlite"),
            (["XDG_CACHE_HOME": "", "HOME": folder], "/.cache/reconcile/aws.sqlite"), ([:], nil),
        ]
        for (environment, place) in rows {
            let cache = CacheFile(environment: environment)
            cache.keep(1, as: "k")
            #expect(cache.kept("k") == (place == nil ? nil : 1))
            if let place { #expect(FileManager.default.fileExists(atPath: folder + place)) }
        }
    }

    @Test("a value that the disk has changed is forgotten")
    func changed() throws {
        let path = try Self.path()
        CacheFile(path: path).keep("value", as: "k")
        try Connection(path: path, create: false).run("UPDATE kept SET value = replace(value, 'value', 'other')")
        #expect(CacheFile(path: path).kept("k") == nil)
    }

    @Test("a file that is none of its own harms nobody, and is made anew by the next run", arguments: [10, 40_000])
    func foreign(size: Int) throws {
        let path = try Self.path()
        CacheFile(path: path).keep("value", as: "k")
        for end in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + end) }
        try Data(repeating: 7, count: size).write(to: URL(fileURLWithPath: path))
        let cache = CacheFile(path: path)
        #expect(cache.kept("k") == nil)
        cache.keep("value", as: "k")
        #expect(cache.kept("k") == nil)
        let next = CacheFile(path: path)
        next.keep("value", as: "k")
        #expect(next.kept("k") == "value")
    }

    @Test("where there is no room for it, all goes on without")
    func nowhere() throws {
        let folder = try Scratch.folder("cache")
        try Data().write(to: URL(fileURLWithPath: folder + "/file"))
        for path in ["", folder + "/file/aws.sqlite", folder, "/proc/aws.sqlite"] {
            let cache = CacheFile(path: path)
            cache.keep(1, as: "k")
            #expect(cache.kept("k") == nil)
        }
    }

    @Test("many runs share it, and none fails for another")
    func shared() async throws {
        let path = try Self.path()
        CacheFile(path: path).keep(0, as: "first")
        await withTaskGroup(of: Void.self) { group in
            for run in 0..<8 {
                group.addTask {
                    let cache = CacheFile(path: path)
                    for number in 0..<50 { cache.keep(.integer(number), as: "\(run) \(number)") }
                }
            }
        }
        // What another run kept away is only missing.
        let last = CacheFile(path: path)
        last.keep(1, as: "last")
        #expect(last.kept("last") == 1 && last.kept("first") == 0)
    }

    @Test("the oldest values go first")
    func limit() throws {
        let path = try Self.path()
        let cache = CacheFile(path: path)
        cache.keep(1, as: "old")
        let later = Int64(CacheFile.limit) + 1
        try Connection(path: path, create: false).run("INSERT INTO kept VALUES (?, 'later', '')", .integer(later))
        cache.keep(2, as: "new")
        cache.keep(3, as: "newest")
        #expect(cache.kept("old") == nil)
        #expect(cache.kept("newest") == 3)
    }
}
