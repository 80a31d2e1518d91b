import Base
import Resources

/// Collects `--var` and `--var-file`: later ones win, and options win over files.
enum VariableFile {
    static func variables(of options: CommonOptions) throws(Failure) -> [String: String] {
        try variables(files: options.varFile, pairs: options.variables)
    }

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
