import ArgumentParser
import Resources

/// A duration on the command line, written as in manifests: `90s`, `15m`, `2h`.
struct DurationOption: ExpressibleByArgument {
    let value: Duration

    init?(argument: String) {
        guard let value = DurationText.parse(argument), value > .zero || argument == "0s" else { return nil }
        self.value = value
    }
}
