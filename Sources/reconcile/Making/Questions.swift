/// Questions to a person at a terminal, about what no option has said.
enum Questions {
    /// - Returns: the answer without spaces around it; nil for an empty one.
    static func ask(_ question: TerminalText) -> String? {
        Terminal.write("\(question): ", to: .error)
        var answer = (readLine() ?? "")[...]
        while answer.first?.isWhitespace == true { answer.removeFirst() }
        while answer.last?.isWhitespace == true { answer.removeLast() }
        return answer.isEmpty ? nil : String(answer)
    }

    /// The words of an answer.
    static func words(_ question: TerminalText) -> [String] {
        (ask(question) ?? "").split { $0 == " " || $0 == "," }.map(String.init)
    }
}
