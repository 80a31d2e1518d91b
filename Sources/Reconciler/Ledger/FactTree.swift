import Hashing
import SQLite

/// A Merkle tree over the names of subjects: one digest, its root, vouches for every group of facts, and for there being
/// no other. A look-up reads one node for each level, so it takes as long for a million entries as for a thousand.
///
/// A node is found by its path, four bits of the key for each level. It is a leaf until it is full; then it has a child
/// for each value of the next four bits. All nodes have the same size: SQLite then writes in place and frees no page.
struct FactTree {
    let connection: Connection

    /// The node has other bytes than its parent vouches for, or there is none.
    struct Broken: Error {}

    static let empty = [UInt8](repeating: 0, count: 32)

    static func key(_ subject: String, _ name: String) -> FactDigest {
        FactGroup.digest([UInt64(subject.utf8.count)], subject + name)
    }

    /// - Parameter root: the digest of the tree's first node.
    /// - Throws: ``Broken`` where a node on the way is not what the root vouches for.
    func group(_ key: FactDigest, root: [UInt8]) throws -> FactGroup? {
        var (id, depth, digest) = (Int64(1), 0, root)
        while digest != Self.empty {
            switch try FactNode(node(id, digest)) {
            case .leaf(let groups): return groups.first { $0.key == key }
            case .inner(let children):
                let nibble = Self.nibble(key, depth)
                (id, depth, digest) = (id << 4 | Int64(nibble), depth + 1, children[nibble])
            }
        }
        return nil
    }

    /// All groups that the root vouches for.
    ///
    /// - Throws: ``Broken`` where a node is not what the root vouches for.
    func groups(root: [UInt8]) throws -> [FactDigest: FactGroup] {
        var found: [FactDigest: FactGroup] = [:]
        var nodes = [(id: Int64(1), digest: root)]
        while let (id, digest) = nodes.popLast() {
            if digest == Self.empty { continue }
            switch try FactNode(node(id, digest)) {
            case .leaf(let groups): for group in groups { found[group.key] = group }
            case .inner(let children): nodes += children.enumerated().map { (id << 4 | Int64($0), $1) }
            }
        }
        return found
    }

    /// Puts groups in the place of those with the same keys, or beside the others.
    ///
    /// - Returns: the new root.
    func update(_ groups: [FactGroup], root: [UInt8]) throws -> [UInt8] {
        if groups.isEmpty { return root }
        let sorted = groups.sorted { ($0.key.high, $0.key.low) < ($1.key.high, $1.key.low) }
        return try update(sorted[...], id: 1, depth: 0, digest: root)
    }

    private func update(_ groups: ArraySlice<FactGroup>, id: Int64, depth: Int, digest: [UInt8]) throws -> [UInt8] {
        var children = [[UInt8]](repeating: Self.empty, count: 16)
        var rest = groups
        if digest != Self.empty {
            switch try FactNode(node(id, digest)) {
            case .inner(let known): children = known
            case .leaf(let held):
                let replaced = Set(groups.map(\.key))
                let merged = held.filter { !replaced.contains($0.key) } + groups
                rest = merged.sorted { ($0.key.high, $0.key.low) < ($1.key.high, $1.key.low) }[...]
                if rest.count <= FactNode.capacity { return try store(.leaf(Array(rest)), id) }
            }
        } else if rest.count <= FactNode.capacity {
            return try store(.leaf(Array(rest)), id)
        }
        while let first = rest.first {
            let nibble = Self.nibble(first.key, depth)
            let share = rest.prefix { Self.nibble($0.key, depth) == nibble }
            children[nibble] = try update(
                share, id: id << 4 | Int64(nibble), depth: depth + 1, digest: children[nibble])
            rest = rest.dropFirst(share.count)
        }
        return try store(.inner(children), id)
    }

    /// Sixty bits are enough for paths: that more than a leaf's keys agree in them does not happen by chance.
    private static func nibble(_ key: FactDigest, _ depth: Int) -> Int { Int(key.high >> UInt64(60 - 4 * depth) & 15) }

    private func node(_ id: Int64, _ digest: [UInt8]) throws -> [UInt8] {
        let content = try connection.query("SELECT content FROM fact_node WHERE id = ?", .integer(id)) { $0.blob(0) }
        guard let content = content.first, SHA256.equal(SHA256.hash(content), digest) else { throw Broken() }
        return content
    }

    private func store(_ node: FactNode, _ id: Int64) throws -> [UInt8] {
        let bytes = node.bytes
        try connection.run(
            "INSERT INTO fact_node VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET content = excluded.content",
            .integer(id), .blob(bytes))
        return SHA256.hash(bytes)
    }
}
