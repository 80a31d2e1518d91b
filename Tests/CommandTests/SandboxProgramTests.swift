import Foundation
import Support
import Testing

/// `reconcile-sandbox`, as `--sandbox` starts it.
@Suite("The sandbox's program")
struct SandboxProgramTests {
    private func play(_ script: String) async throws -> String {
        let folder = try Scratch.folder("attached")
        let outcome = try await Outcome.of(
            "bash",
            [
                "-c", "set -e; mkfifo a b; reachable() { (: </dev/tcp/127.0.0.1/$1) 2>/dev/null; }\n" + script,
                Project.reconcile,
            ],
            in: folder)
        #expect(outcome.exit == 0, "\(outcome.error)")
        return outcome.out
    }

    @Test("two commands on one folder use one sandbox, which ends with the last of them")
    func shared() async throws {
        let said = try await play(
            """
            mkfifo said-a; (cat <said-a >out-a; touch ended-a) &
            "$0-sandbox" --attached world <a >said-a &
            exec 3>a
            until test -s out-a; do sleep 0.02; done
            ("$0-sandbox" --attached world <b >out-b 3>&-; touch ended-b) 3>&- &
            exec 4>b
            until test -s out-b; do sleep 0.02; done
            cmp out-a out-b
            port=$(grep -o '127.0.0.1:[0-9]*' out-a | cut -d: -f2)
            exec 3>&-
            until test -e ended-a; do sleep 0.02; done
            reachable $port && echo serves
            exec 4>&-
            until test -e ended-b; do sleep 0.02; done
            while reachable $port; do sleep 0.02; done
            echo gone
            """)
        #expect(said == "serves\ngone\n")
    }

    @Test("how one that was killed was reached is forgotten by the next")
    func killed() async throws {
        let said = try await play(
            """
            "$0-sandbox" world --port 0 >out-a & pid=$!
            until grep -q SECRET out-a; do sleep 0.02; done
            cp world/connection.json old
            kill -9 $pid; wait $pid || true
            cmp -s old world/connection.json && echo left
            "$0-sandbox" --attached world <b >out-b &
            exec 4>b
            until test -s out-b; do sleep 0.02; done
            cmp -s old out-b || echo new
            """)
        #expect(said == "left\nnew\n")
    }
}
