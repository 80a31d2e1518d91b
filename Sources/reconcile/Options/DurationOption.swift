import ArgumentParser
import Manifest
import Resources

/// Durations on the command line, written as in manifests: `90s`, `15m`, `2h`.
enum DurationOption {
    private static let longest = Duration.seconds(24 * 3_600)

    /// How long something may take.
    static func limit(_ text: String) throws -> Duration {
        guard let value = DurationText.parse(text), value > .zero, value <= longest else {
            throw ValidationError("Write it as 90s, 15m or 2h: more than zero, and at most 24h.")
        }
        return value
    }

    /// How long something is waited for: perhaps not at all.
    static func patience(_ text: String) throws -> Duration {
        if text == "0" { return .zero }
        guard let value = DurationText.parse(text), value <= longest else {
            throw ValidationError("Write it as 90s, 15m or 2h, at most 24h, or as 0.")
        }
        return value
    }
}

/// The time that a command on manifests may take.
struct TimeLimit: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "End after that time, at most 24h; what is under way in AWS goes on (exit 5). Default: 2h.",
            valueName: "90s|15m|2h"),
        transform: DurationOption.limit)
    var timeout: Duration?
}
