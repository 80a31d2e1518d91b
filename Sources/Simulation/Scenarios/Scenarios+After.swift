/// The stories of a second migration, which old code does not survive.
extension Scenarios {
    static let ofContractions = [
        contraction, contractionOfTwo, contractionThatFails, contractionThatVanishes, heldBack, contractionNoMore,
        contractionRespelled,
    ]

    private static let contracted: Launch = {
        var launch = Launch("v2", version: "0002")
        launch.after = "0003"
        return launch
    }()

    private static func contracting(_ landscape: inout Landscape) { landscape.images["v2"]?.contraction = "0003" }

    static let contraction = Scenario(
        "contraction", [.run([contracted])], last: contracted, ends: [0], landscape: contracting)

    private static let contractionOfTwo = Scenario(
        "contraction-of-two", [.run([contracted])], last: contracted, ends: [0]
    ) {
        contracting(&$0)
        $0.services = [.init("web"), .init("worker", family: "shop-worker", count: 1)]
    }

    private static let mended: ImageScript = {
        var script = ImageScript(version: "0002")
        script.contraction = "0003"
        return script
    }()

    /// The image's migrations fail from the second one on: the services have moved, and the next apply tries that one again.
    private static let contractionThatFails = Scenario(
        "contraction-fails",
        [
            .run([Launch("v2", version: "0002")]), .change(tag: "v2", failing), .run([contracted]),
            .change(tag: "v2", mended), .run([contracted]),
        ], last: contracted, ends: [0, 3, 0], landscape: contracting)

    private static let failing: ImageScript = {
        var script = mended
        script.migration = .fails(code: 1, after: 200)
        return script
    }()

    /// Its host is gone: a person decides.
    private static let contractionThatVanishes: Scenario = {
        var script = mended
        script.migration = .vanishes(applied: true, after: 200)
        return Scenario(
            "contraction-vanishes",
            [.run([Launch("v2", version: "0002")]), .change(tag: "v2", script), .run([contracted])], last: contracted,
            ends: [0, 6],
            landscape: contracting)
    }()

    /// The second migration is at work when it is taken out of the manifest: what waits for it now is all else.
    private static let contractionNoMore: Scenario = {
        var hasty = contracted
        hasty.timeout = 3
        return Scenario(
            "contraction-no-more",
            [
                .run([Launch("v2", version: "0002")]), .run([hasty]), .run([Launch("v2b", version: "0002")]),
                .run([contracted]),
            ], last: contracted, ends: [0, 5, 6, 0]
        ) {
            contracting(&$0)
            $0.images["v2"]?.migration = .succeeds(after: 5_000)
            $0.images["v2b"] = ImageScript(version: "0002")
        }
    }()

    /// The manifest writes both versions in other texts.
    private static let contractionRespelled: Scenario = {
        var respelled = contracted
        (respelled.version, respelled.after) = ("2", "3")
        return Scenario(
            "contraction-respelled", [.run([contracted]), .run([respelled])], last: respelled, ends: [0, 0],
            landscape: contracting)
    }()

    /// The rollout is given up: old code goes on, and the second migration is not started.
    private static let heldBack = Scenario("contraction-held-back", [.run([contracted])], last: contracted, ends: [4]) {
        contracting(&$0)
        $0.images["v2"]?.app = .crashes(after: 50)
    }
}
