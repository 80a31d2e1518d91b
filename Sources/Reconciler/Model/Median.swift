extension Collection where Element: Comparable {
    /// The middle one, of two the lesser; nil where there is none.
    var median: Element? {
        isEmpty ? nil : sorted()[(count - 1) / 2]
    }
}
