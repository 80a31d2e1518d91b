import ArgumentParser
import Base
import Manifest

/// What a manifest's `${var:NAME}` and `${env:NAME}` stand for.
struct VariableOptions: ParsableArguments {
    @Option(
        name: .customLong("var"),
        help: ArgumentHelp("A value for ${var:NAME} in the manifest. May be repeated.", valueName: "name=value"))
    var variables: [String] = []

    @Option(help: ArgumentHelp("A file of NAME=VALUE lines for ${var:NAME}. May be repeated.", valueName: "file"))
    var varFile: [String] = []

    @Option(
        help: ArgumentHelp(
            "Let ${env:NAME} read this variable, although its name says that it is a credential. May be repeated.",
            valueName: "name"))
    var allowEnv: [String] = []

    func validate() throws {
        for variable in variables where !variable.dropFirst().contains("=") {
            throw ValidationError("--var \(variable.prefix { $0 != "=" }): write it as NAME=VALUE.")
        }
    }

    func read() throws(Failure) -> Variables {
        Variables(
            environment: Machine.environment, variables: try VariableFile.variables(files: varFile, pairs: variables),
            allowed: Set(allowEnv))
    }
}

/// Collects `--var` and `--var-file`: later ones win, and options win over files.
enum VariableFile {
    static func variables(files: [String], pairs: [String]) throws(Failure) -> [String: String] {
        var variables: [String: String] = [:]
        for path in files {
            for (index, line) in lines(of: try Inputs.read(path)).enumerated() {
                let trimmed = line.drop { $0.isWhitespace }
                if trimmed.isEmpty || trimmed.hasPrefix("#") { continue }
                guard let (name, value) = pair(String(trimmed)) else {
                    // The line is not shown: it may hold a value.
                    throw Failure(
                        .manifestInvalid, "\(path):\(index + 1):1: NAME=VALUE is expected on each line",
                        hint: "fix the line, or put a # before it")
                }
                variables[name] = value
            }
        }
        for variable in pairs {
            if let (name, value) = pair(variable) { variables[name] = value }
        }
        return variables
    }

    /// With the line ends of Unix or of Windows. Bytes are split, because `\r\n` is one character, which no `\n` matches.
    private static func lines(of bytes: [UInt8]) -> [String] {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        return bytes.dropFirst(bytes.starts(with: mark) ? mark.count : 0)
            .split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map { String(decoding: $0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0, as: UTF8.self) }
    }

    private static func pair(_ text: String) -> (String, String)? {
        guard let equals = text.firstIndex(of: "="), equals > text.startIndex else { return nil }
        return (String(text[..<equals]), String(text[text.index(after: equals)...]))
    }
}
