/// The stories of services that do not exist yet.
extension Scenarios {
    static let ofNewServices = [newService, newServiceAlone, newServiceThatCrashes, newServiceOfLostLedger]

    private static let v2 = Launch("v2", version: "0002")
    private static let v3 = Launch("v3", version: "0003")

    private static let newService = Scenario("new-service", [.run([v2]), .run([v3])], last: v3, ends: [0, 0]) {
        $0.services = [.init("web"), .init("worker", family: "shop-worker", count: 1, isNew: true)]
    }

    /// No service is there that tells of cluster and network.
    static let newServiceAlone = Scenario("new-service-alone", [.run([v2])], last: v2, ends: [0]) {
        $0.services = [.init("web", isNew: true)]
    }

    private static let newServiceThatCrashes = Scenario(
        "new-service-crashes", [.run([v2]), .run([v3])], last: v3, ends: [4, 0]
    ) {
        $0.services = [.init("web", isNew: true)]
        $0.images["v2"]?.app = .crashes(after: 20)
    }

    private static let newServiceOfLostLedger = Scenario(
        "new-service-lost-ledger", [.run([v2]), .lose(ledger: "a"), .run([v2]), .run([v3])], last: v3, ends: [0, 0, 0]
    ) { $0.services = [.init("web"), .init("worker", count: 1, isNew: true)] }
}
