/// Finds what someone probably meant.
public enum NearestKey {
    /// The candidate with the fewest edits, if that is at most a third of its length (and at least one is allowed).
    public static func of(_ word: String, among candidates: [String]) -> String? {
        candidates
            .map { (distance: distance(word.lowercased(), $0.lowercased()), candidate: $0) }
            .filter { $0.distance <= max(1, $0.candidate.count / 3) }
            .min { ($0.distance, $0.candidate) < ($1.distance, $1.candidate) }?
            .candidate
    }

    /// The question for it; nil where nothing is near.
    static func hint(_ word: String, among candidates: [String]) -> String? {
        of(word, among: candidates).map { "did you mean \"\($0)\"?" }
    }

    /// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
    private static func distance(_ left: String, _ right: String) -> Int {
        // Words far longer than any key are not near to one; this also bounds the table.
        guard left.count <= 64, right.count <= 64 else { return .max }
        let a = Array(left)
        let b = Array(right)
        var rows = [Array(0...b.count)]
        for i in 0..<a.count {
            var row = [i + 1]
            for j in 0..<b.count {
                var best = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, rows[i - 1][j - 1] + 1) }
                row.append(best)
            }
            rows.append(row)
        }
        return rows[a.count][b.count]
    }
}
