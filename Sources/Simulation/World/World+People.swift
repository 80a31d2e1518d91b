/// What people do to databases and images by hand.
extension World {
    /// Takes back by hand what led beyond a version, or brings the database forward again to one that was taken back.
    mutating func rollBack(to version: String, in cluster: String) {
        let again = self[cluster].undone.filter { $0 <= version }
        self[cluster].undone.subtract(again)
        self[cluster].applied += again.sorted()
        self[cluster].undone.formUnion(self[cluster].applied.filter { $0 > version })
        self[cluster].applied.removeAll { $0 > version }
        self[cluster].undecided.removeAll()
    }

    /// A person mends an image without giving it another name: what it does from now on is right.
    mutating func heal(_ digest: String) { images[digest] = images[digest]?.healed }

    /// A person has looked at the database and knows.
    mutating func settle(_ version: String, in cluster: String) {
        self[cluster].undecided.remove(version)
        self[cluster].dirty = nil
    }
}
