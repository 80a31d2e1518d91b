import JSON

/// One page of a list of names or ARNs. Its token is the last one shown, so that a page stays right when others come and go.
enum Page {
    /// - Parameters:
    ///   - key: the member of the answer that holds the list.
    ///   - all: in the order in which they are shown; each once.
    static func answer(
        _ key: String, of all: [String], _ input: Input, most: Int = 100, usually: Int = 100
    ) throws(ECSFault) -> JSON {
        let size = try input.integer("maxResults") ?? usually
        guard (1...most).contains(size) else { throw .parameter("maxResults must be between 1 and \(most).") }
        var rest = all[...]
        if let token = try input.string("nextToken") {
            guard let index = all.firstIndex(of: token) else { throw .parameter("Invalid token \(token)") }
            rest = all[(index + 1)...]
        }
        let page = Array(rest.prefix(size))
        return .object(dropping: [
            key: JSON(page), "nextToken": rest.count > size ? page.last.map(JSON.string) : nil,
        ])
    }
}
