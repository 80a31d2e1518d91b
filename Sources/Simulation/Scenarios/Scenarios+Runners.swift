/// The stories of migrations that are no ECS tasks: the same for a function and for a process, as far as these are alike.
extension Scenarios {
    static let ofRunners: [Scenario] =
        [Launch.Runner.lambda, .process].flatMap { runner in
            [
                released(runner), failed(runner), vanished(runner), probed(runner), probedInVain(runner),
                rerunnable(runner), hanging(runner), oneLedger(runner), leftDead(runner),
            ]
        } + [detachedProcess, adoptedProcess]

    /// The plain releases of both.
    static let releasesOfRunners = [released(.lambda), released(.process)]

    private static func launch(_ runner: Launch.Runner, _ tag: String = "v2", _ version: String = "0002") -> Launch {
        var launch = Launch(tag, version: version)
        launch.runner = runner
        return launch
    }

    private static func released(_ runner: Launch.Runner) -> Scenario {
        let (first, second) = (launch(runner), launch(runner, "v3", "0003"))
        return Scenario("\(runner)-release", [.run([first]), .run([second])], last: second, ends: [0, 0])
    }

    private static func failed(_ runner: Launch.Runner) -> Scenario {
        let launch = launch(runner)
        return Scenario(
            "\(runner)-fails", [.run([launch]), .change(tag: "v2", ImageScript(version: "0002")), .run([launch])],
            last: launch, ends: [3, 0]
        ) { $0.images["v2"]?.migration = .fails(code: 1, after: 200) }
    }

    /// It is cut off: a person decides.
    private static func vanished(_ runner: Launch.Runner) -> Scenario {
        let launch = launch(runner)
        return Scenario("\(runner)-vanishes", [.run([launch]), .run([launch])], last: launch, ends: [6, 6]) {
            $0.images["v2"]?.migration = .vanishes(applied: true, after: 200)
        }
    }

    /// It is cut off: the database says that the migration was done.
    private static func probed(_ runner: Launch.Runner) -> Scenario {
        var launch = launch(runner)
        launch.hasProbe = true
        return Scenario("\(runner)-probed", [.run([launch])], last: launch, ends: [0]) {
            $0.images["v2"]?.migration = .vanishes(applied: true, after: 200)
        }
    }

    /// It is cut off: the database says that it was not done, and it is done again.
    private static func probedInVain(_ runner: Launch.Runner) -> Scenario {
        var launch = launch(runner)
        launch.hasProbe = true
        return Scenario(
            "\(runner)-probed-in-vain",
            [.run([launch]), .change(tag: "v2", ImageScript(version: "0002")), .run([launch])], last: launch,
            ends: [3, 0]
        ) { $0.images["v2"]?.migration = .vanishes(applied: false, after: 200) }
    }

    private static func rerunnable(_ runner: Launch.Runner) -> Scenario {
        var launch = launch(runner)
        launch.isRerunnable = true
        return Scenario(
            "\(runner)-rerunnable",
            [.run([launch]), .change(tag: "v2", ImageScript(version: "0002")), .run([launch])], last: launch,
            ends: [3, 0]
        ) { $0.images["v2"]?.migration = .vanishes(applied: false, after: 200) }
    }

    /// It is ended at its time-out.
    private static func hanging(_ runner: Launch.Runner) -> Scenario {
        let launch = launch(runner)
        return Scenario("\(runner)-hangs", [.run([launch])], last: launch, ends: [6]) {
            $0.images["v2"]?.migration = .hangs
        }
    }

    /// Two runs that share a ledger, one waiting for the other.
    private static func oneLedger(_ runner: Launch.Runner) -> Scenario {
        var patient = launch(runner)
        patient.lockPatience = 600
        return Scenario("\(runner)-one-ledger", [.run([patient, patient])], last: launch(runner), ends: [0, 0])
    }

    /// A dead run is found after a while by one whose clock says that a year has passed.
    private static func leftDead(_ runner: Launch.Runner) -> Scenario {
        var dying = launch(runner)
        dying.isLeftDead = true
        var later = launch(runner)
        later.skew = 31_536_000
        return Scenario(
            "\(runner)-found-late", [.run([dying]), .pass(7_200_000), .run([later])], last: launch(runner),
            ends: [0, 0])
    }

    /// The run gives up waiting; a later one finds that the process has ended.
    private static let detachedProcess: Scenario = {
        var hasty = launch(.process)
        hasty.timeout = 1
        return Scenario(
            "process-detached", [.run([hasty]), .pass(120_000), .run([launch(.process)])], last: launch(.process),
            ends: [5, 0]
        ) { $0.images["v2"]?.migration = .succeeds(after: 50_000) }
    }()

    /// The run gives up waiting; the next one finds the process still running.
    private static let adoptedProcess: Scenario = {
        var hasty = launch(.process)
        hasty.timeout = 1
        return Scenario(
            "process-adopted", [.run([hasty]), .run([launch(.process)])], last: launch(.process), ends: [5, 0]
        ) { $0.images["v2"]?.migration = .succeeds(after: 1_800) }
    }()
}
