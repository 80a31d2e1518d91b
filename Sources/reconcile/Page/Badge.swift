import Ledger

/// A state in a word, with a sign and a colour: none of them says it alone.
struct Badge {
    enum Tone: String {
        case good, bad, warn, plain
    }

    let tone: Tone
    let text: String

    var html: HTMLText {
        let sign: HTMLText =
            switch tone {
            case .good: "✓"
            case .bad: "✕"
            case .warn: "!"
            case .plain: "–"
            }
        return """
            <span class="badge \(tone.rawValue)"><span aria-hidden="true">\(sign)</span> \(text)</span>
            """
    }
}

extension Badge {
    /// How a run ended.
    init(_ run: HistoryRun, in ledger: String) {
        switch run.exit {
        case 0?: self.init(tone: .good, text: HistoryWords.success(of: run.command))
        case let exit?: self.init(tone: .bad, text: "exit code \(exit)")
        case nil where run.isOvertaken: self.init(tone: .warn, text: "cut off")
        case nil where run.isUnderWay(beside: ledger): self.init(tone: .plain, text: HistoryWords.underWay)
        case nil: self.init(tone: .warn, text: "no end recorded")
        }
    }

    /// How a step ended; nil for an entry that is no step of a plan.
    init?(_ step: HistoryStep) {
        switch step.result {
        case nil: return nil
        case "succeeded"?: self.init(tone: .good, text: "succeeded")
        case "failed"?: self.init(tone: .bad, text: "failed")
        case let other?: self.init(tone: .warn, text: other)
        }
    }
}
