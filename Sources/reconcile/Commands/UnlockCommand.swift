import ArgumentParser
import Base
import JSON
import Ledger
import Reconciler

struct UnlockCommand: AsyncParsableCommand, Bounded {
    static let configuration = CommandConfiguration(
        commandName: "unlock", abstract: "Free the locks of a run that does not come back.",
        discussion: """
            Shows who holds the locks of the environment and its database, asks, and takes them away: that run makes no \
            further call. Only a ledger in S3 has such locks, and each of them ends by itself 30 seconds after its run was \
            killed. The locks of a ledger in a file end with the process that holds them.
            """)

    @Argument(help: "The manifest.", completion: .file(extensions: ["json", "yaml", "yml"]))
    var manifest: String

    @Flag(name: .shortAndLong, help: "Do not ask.")
    var yes = false

    @OptionGroup var options: CommonOptions

    @OptionGroup var time: TimeLimit

    var timeLimit: Duration? { time.timeout }

    func run() async throws {
        let access = SharedAccess(observe: { _ in })
        var environment: String?
        var failure: Failure?
        do throws(Failure) {
            let manifest = try await Session.manifest(manifest, options, access)
            environment = manifest.environment
            let session = try await Session.open(
                manifest, options, access: access, ledger: .writing, emit: LookTalk.emit(manifest.environment, options))
            try await unlock(session)
        } catch {
            failure = error
        }
        await access.close()
        guard let failure else { return }
        FailureOutput.show(failure, manifest: manifest, environment: environment, options)
        throw ArgumentParser.ExitCode(failure.exit.rawValue)
    }

    private func unlock(_ session: Session) async throws(Failure) {
        let environment = session.manifest.environment
        let unlocking = Unlocking(try await session.assembly.locks(), in: session.context)
        guard let held = try await unlocking.held() else {
            return show([], "the ledger is a file, whose locks end with the process that holds them", environment)
        }
        if held.isEmpty { return show([], "nothing is locked", environment) }
        for lock in held {
            let age = lock.age.map { ", renewed \($0.text) ago" } ?? ""
            Terminal.write("\(lock.name): \(lock.text)\(age)\n", to: .error)
        }
        try confirm(held)
        let rest = held.map(\.remaining).max() ?? .zero
        if rest > .zero {
            Terminal.write("waiting \(rest.text) until that run can make no call any more\n", to: .error)
        }
        try await unlocking.free(held, record: await session.record(command: "unlock"))
        show(held, "unlocked", environment)
    }

    private func confirm(_ held: [HeldLock]) throws(Failure) {
        if yes { return }
        guard Terminal.canAsk else {
            throw Failure(
                .settingsMissing, "there is no terminal to ask on",
                hint: "if that run is to lose its locks, pass --yes: reconcile unlock MANIFEST --yes")
        }
        Terminal.write("Take these locks away from that run? [y/N] ", to: .error)
        let answer = (readLine() ?? "").lowercased()
        guard ["y", "yes"].contains(answer) else {
            throw Failure(
                .environmentLocked, "the locks stay with that run",
                hint: "wait until it has ended; or run the same command again, and answer y")
        }
    }

    private func show(_ held: [HeldLock], _ summary: String, _ environment: String) {
        guard options.output == .json else { return Terminal.write("\(environment): \(summary)\n", to: .out) }
        var json = FailureOutput.result(nil, manifest: manifest, environment: environment)
        json["unlocked"] = .array(held.map { .members(["lock": $0.name, "holder": $0.holder]) })
        json["summary"] = .string(summary)
        Terminal.write(TerminalText(json: json), to: .out)
    }
}
