/// Durations as manifests and options write them: `90s`, `15m`, `2h`.
public enum DurationText {
    private static let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3_600]

    /// nil where the text is no whole number with one of the three units, or too large to be meant.
    public static func parse(_ text: String) -> Duration? {
        guard let unit = text.last, let seconds = units[unit],
            let number = Int64(text.dropLast()), (0...1_000_000).contains(number), text.first?.isNumber == true
        else { return nil }
        return .seconds(number * seconds)
    }
}
