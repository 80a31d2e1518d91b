import Reconciler
import Resources

/// Drift for people.
struct DriftText {
    let style: Style

    /// What stands in the place of "in sync" where not all could be looked at.
    static let incomplete = "no difference was found, but its database did not tell its version"

    /// - Parameters:
    ///   - comparison: what counts in place of what the manifest says.
    ///   - isComplete: whether all was looked at that was to be.
    func render(
        _ drift: Drift, environment: String, comparison: Comparison, isComplete: Bool
    ) -> TerminalText {
        if drift.isInSync, !isComplete { return "\(style.bold("\(environment)")): \(Self.incomplete)\n" }
        let with = comparison.text.map { " with \($0)" } ?? ""
        if drift.isInSync { return "\(style.bold("\(environment)")): in sync\(with)\n" }
        let width = drift.items.map { TerminalText($0.resource.description).width }.max() ?? 0
        let items = drift.items.map { item($0, width: width) }.joined()
        let count = drift.items.count == 1 ? "1 difference" : "\(drift.items.count) differences"
        let head: TerminalText = with.isEmpty ? "" : ", \(style.dim("compared\(with)"))"
        return "\(style.bold("\(environment)"))\(head)\n\n\(items)\n\(count). Nothing was done.\n"
    }

    private func item(_ item: Drift.Item, width: Int) -> TerminalText {
        let divergence = item.divergence
        let name = TerminalText(item.resource.description).padded(to: width)
        let moved = TerminalText(divergence.moved.rawValue).padded(to: 8)
        let by = divergence.actor.map { " (\($0))" } ?? ""
        var text: TerminalText = "  \(sign(divergence.moved)) \(name)  \(moved)  \(divergence.reason)\(by)\n"
        for field in divergence.fields { text += FieldText(style: style).render(field) }
        return text
    }

    private func sign(_ moved: Mover) -> TerminalText {
        switch moved {
        case .manifest: style.cyan("~")
        case .world: style.yellow("!")
        case .both: style.red("!")
        }
    }
}
