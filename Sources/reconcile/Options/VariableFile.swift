import Reconciler
import Resources

/// Collects `--var` and `--var-file`: later ones win, and options win over files.
enum VariableFile {
    static func variables(of options: CommonOptions) throws(Failure) -> [String: String] {
        try variables(files: options.varFile, pairs: options.variables)
    }

    static func variables(files: [String], pairs: [String]) throws(Failure) -> [String: String] {
        var variables: [String: String] = [:]
        for path in files {
            let text = String(decoding: try Files.read(path), as: UTF8.self)
            for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
                let trimmed = line.drop { $0.isWhitespace }
                if trimmed.isEmpty || trimmed.hasPrefix("#") { continue }
                guard let (name, value) = pair(String(trimmed.filter { $0 != "\r" })) else {
                    // The line is not shown: it may hold a value.
                    throw Failure(
                        .manifestInvalid, "\(path):\(index + 1):1: NAME=VALUE is expected on each line",
                        hint: "mend the line, or put a # before it")
                }
                variables[name] = value
            }
        }
        for variable in pairs {
            if let (name, value) = pair(variable) { variables[name] = value }
        }
        return variables
    }

    private static func pair(_ text: String) -> (String, String)? {
        guard let equals = text.firstIndex(of: "="), equals > text.startIndex else { return nil }
        return (String(text[..<equals]), String(text[text.index(after: equals)...]))
    }
}
