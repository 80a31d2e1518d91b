extension Duration {
    /// In whole milliseconds, as the ledger keeps it.
    public var milliseconds: Int { Int(components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000) }

    /// For people: `350ms`, `4.2s`, `3m 20s`, `1h 05m`.
    public var text: String {
        let seconds = milliseconds / 1_000
        return switch seconds {
        case ..<1: "\(milliseconds)ms"
        case ..<60: milliseconds % 1_000 < 100 ? "\(seconds)s" : "\(seconds).\(milliseconds % 1_000 / 100)s"
        case ..<3_600: seconds % 60 == 0 ? "\(seconds / 60)m" : "\(seconds / 60)m \(padded(seconds % 60))s"
        default: seconds / 60 % 60 == 0 ? "\(seconds / 3_600)h" : "\(seconds / 3_600)h \(padded(seconds / 60 % 60))m"
        }
    }

    private func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
