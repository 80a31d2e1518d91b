/// Shows results in the order in which they were asked for, whichever is there first.
actor InOrder {
    private var waiting: [Int: @Sendable () -> Void] = [:]
    private var next = 0

    func show(_ index: Int, _ body: @escaping @Sendable () -> Void) {
        waiting[index] = body
        while let body = waiting.removeValue(forKey: next) {
            body()
            next += 1
        }
    }
}
