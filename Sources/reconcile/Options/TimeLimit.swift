import ArgumentParser

/// The time that a command on manifests may take.
struct TimeLimit: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "End after that time, at most 24h; what is under way in AWS goes on (exit 5). Default: 2h.",
            valueName: "90s|15m|2h"),
        transform: DurationOption.limit)
    var timeout: Duration?
}
