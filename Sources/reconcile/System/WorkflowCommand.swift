import Hashing
import JSON

/// A line that GitHub's runner takes for a command. No other text can become one.
/// (GitHub Docs, "Workflow commands for GitHub Actions"; actions/runner, ActionCommand.cs.)
struct WorkflowCommand: Sendable {
    let line: String

    /// - Parameter lines: what it says.
    init(_ name: String, _ properties: [(String, String)] = [], lines: [String] = []) {
        let list = properties.map { "\($0)=\(Self.property($1))" }.joined(separator: ",")
        let text = lines.map { Self.data($0) }.joined(separator: "%0A")
        line = "::\(name)\(list.isEmpty ? "" : " " + list)::\(text)\n"
    }

    /// Between its two lines nothing is taken for a command. The word is random, so that a log cannot end it.
    struct Fence: Sendable {
        private let word = Hex.encode(Machine.randomBytes(16))
        var start: WorkflowCommand { WorkflowCommand("stop-commands", lines: [word]) }
        var end: WorkflowCommand { WorkflowCommand(word) }
    }

    /// The same text with no line that the runner takes for a command: it looks for `::` after white space at the start of
    /// a line, and for `##[` anywhere in it.
    static func neutralised(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: ":")) || text.utf8.contains(UInt8(ascii: "#")) else { return text }
        var out = String.UnicodeScalarView()
        var isStart = true
        let scalars = Array(text.unicodeScalars)
        for (index, scalar) in scalars.enumerated() {
            let next = index + 1 < scalars.count ? scalars[index + 1] : " "
            switch scalar {
            case ":" where isStart && next == ":": out.append(contentsOf: "\\u{3a}".unicodeScalars)
            case "#" where next == "[" && index > 0 && scalars[index - 1] == "#":
                out.append(contentsOf: "\\u{23}".unicodeScalars)
            default: out.append(scalar)
            }
            isStart = scalar == "\n" || (isStart && scalar.properties.isWhitespace)
        }
        return String(out)
    }

    private static func data(_ text: String) -> String { text.visible.replacingScalars { $0 == "%" ? "%25" : nil } }

    private static func property(_ text: String) -> String {
        data(text).replacingScalars { $0 == ":" ? "%3A" : $0 == "," ? "%2C" : nil }
    }
}

extension String {
    /// By scalars: a character that another one combines with is no longer the same one.
    func replacingScalars(_ replacement: (Unicode.Scalar) -> String?) -> String {
        unicodeScalars.map { replacement($0) ?? String($0) }.joined()
    }
}
