import ArgumentParser
import Simulation

/// Prints what must be the same in every process.
struct HashCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hash", abstract: "Print the traces of many seeds as one number.",
        discussion: "Two processes that print different numbers depend on more than the seed.")

    @Option(help: "The first seed.")
    var seed: UInt64 = 1

    @Option(help: "How many seeds.")
    var count: UInt64 = 200

    func run() async throws {
        let folder = Folder.own(below: Folder.usual)
        var hash: UInt64 = 0
        for seed in seed..<seed + count {
            let outcome = await Swarm.made(by: seed).play(in: folder)
            hash = hash &* 31 &+ outcome.trace.hash
        }
        say(String(hash, radix: 16))
    }
}
