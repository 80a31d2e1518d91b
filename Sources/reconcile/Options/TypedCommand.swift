import AWS
import Base

/// The command line of this process, taken apart as far as hints need it.
struct TypedCommand: Sendable {
    /// A word as it was typed, or an option with its value.
    private enum Part: Equatable {
        case word(String)
        case option(String, String)
    }

    private let parts: [Part]
    /// What comes after `--`, with the `--`.
    private let rest: [String]
    /// Values that must not be printed.
    private let secrets: [String]

    static let current = TypedCommand(Array(CommandLine.arguments.dropFirst()), Machine.environment)

    /// Options whose values may be secrets: `NAME=VALUE`.
    private static let pairs: Set = ["--var", "--environment"]
    /// Options without a value.
    static let flags: Set = [
        "-q", "--quiet", "-v", "--verbose", "--no-color", "--retry-failed", "--allow-older", "--detailed-exitcode",
        "--probe", "--tags", "--offline",
        "--detach", "--no-lock", "--succeeded", "--failed", "--rerun", "--stop", "--continue", "--rollback",
        "--from-aws", "-y", "--yes", "--all",
        "-h",
        "--help",
        "--version",
    ]
    /// Longer ones, such as of a shell's glob over hundreds of manifests, are of no use in a hint.
    private static let longest = 1_000

    /// - Parameters:
    ///   - arguments: without the program's name.
    ///   - environment: where `--environment NAME` takes a value from.
    init(_ arguments: [String], _ environment: [String: String]) {
        let end = arguments.firstIndex(of: "--") ?? arguments.endIndex
        var words = arguments[..<end]
        var parts: [Part] = []
        while let word = words.popFirst() {
            if word.hasPrefix("--"), let equals = word.firstIndex(of: "=") {
                parts.append(.option(String(word[..<equals]), String(word[word.index(after: equals)...])))
            } else if word.hasPrefix("-"), word != "-", !Self.flags.contains(word), let value = words.popFirst() {
                parts.append(.option(word, value))
            } else {
                parts.append(.word(word))
            }
        }
        self.parts = parts
        rest = Array(arguments[end...])
        secrets = parts.compactMap { part in
            guard case .option(let name, let pair) = part, Self.hides(name, pair) else { return nil }
            let value = pair.firstIndex(of: "=").map { String(pair[pair.index(after: $0)...]) } ?? environment[pair]
            return value.flatMap { $0.isEmpty ? nil : $0 }
        }
    }

    /// What is neither an option nor after `--`, without the command's own name.
    var operands: [String] {
        let words = parts.compactMap { part in
            if case .word(let word) = part, !word.hasPrefix("-") || word == "-" { word } else { nil }
        }
        return Array(words.dropFirst(words.first == "ledger" ? 2 : 1))
    }

    /// The values of an option. Of a variable only the name is shown.
    func values(of name: String) -> [String] {
        parts.compactMap { part in
            if case .option(name, let value) = part { Self.shown(name, value) } else { nil }
        }
    }

    /// The command as one types it; nil if it is too long for a hint.
    ///
    /// - Parameter timeout: what `--timeout` says instead.
    func text(timeout: String? = nil) -> String? {
        var words = ["reconcile"]
        for part in parts {
            switch part {
            case .word(let word): words.append(word)
            case .option("--timeout", _) where timeout != nil: break
            case .option(let name, let value): words += [name, Self.shown(name, value)]
            }
        }
        if let timeout { words += ["--timeout", timeout] }
        words += rest.map { word in secrets.reduce(word) { Self.hide($1, in: $0) } }
        let text = ShellWord.line(words)
        return text.utf8.count > Self.longest ? nil : text
    }

    /// A short value is in many a word by chance: of those only whole words are hidden.
    private static func hide(_ value: String, in text: String) -> String {
        func isOfWord(_ character: Character) -> Bool {
            character.isLetter || character.isNumber || "_-".contains(character)
        }
        guard value.count <= 3, value.allSatisfy(isOfWord) else { return text.replacing(value, with: "VALUE") }
        var hidden = ""
        var rest = text[...]
        while let first = rest.first {
            let word = rest.prefix(while: isOfWord)
            hidden += word.isEmpty ? String(first) : word == value ? "VALUE" : String(word)
            rest = rest.dropFirst(max(1, word.count))
        }
        return hidden
    }

    private static func hides(_ name: String, _ pair: String) -> Bool {
        pairs.contains(name) && !(name == "--environment" && Mask.isOwn(String(pair.prefix { $0 != "=" })))
    }

    private static func shown(_ name: String, _ value: String) -> String {
        guard hides(name, value), value.contains("=") else { return value }
        return "\(value.prefix { $0 != "=" })=VALUE"
    }
}
