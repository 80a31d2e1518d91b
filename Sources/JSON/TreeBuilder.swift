/// What the parser builds: the one grammar's two kinds of tree.
protocol TreeBuilder {
    associatedtype Tree
    static func scalar(_ value: JSON, at offset: Int) -> Tree
    static func array(_ elements: [Tree], at offset: Int) -> Tree
    static func object(
        _ members: [(key: String, keyOffset: Int, value: Tree)], at offset: Int
    ) throws(SyntaxError) -> Tree
}
