import Foundation
import JSON
import Support
import Testing

/// What the tests look at a page with: `scripts/test` installs it.
private enum Browser {
    static let python = Project.root + "/.venv-browser/bin/python3"
    static var isThere: Bool {
        ForeignServer.isThere("chromium") && FileManager.default.isExecutableFile(atPath: python)
    }
}

/// The page of `reconcile report` in a browser, as wide as a phone and as a desk, light and dark.
@Suite("the page in a browser", .enabled(if: Browser.isThere))
struct BrowserTests {
    @Test("fits the width, loads nothing, complains of nothing, and has no barrier that axe knows")
    func page() async throws {
        let folder = try Scratch.folder("browser")
        try await Season.make(runs: 40, at: folder + "/season")
        try await Season.hostile(
            "</style><script src=//evil.example></script>" + String(repeating: "x", count: 300), at: folder + "/hostile"
        )
        for name in ["season", "hostile"] {
            let outcome = try await LedgerCommandTests.run(
                "report", "--ledger", name, "--out", "\(name).html", in: folder)
            #expect(outcome.exit == 0, "\(outcome.error)")
        }
        var arguments = [Project.root + "/Tests/CommandTests/Report/look.py", "chromium"]
        if let shots = ProcessInfo.processInfo.environment["RECONCILE_SCREENSHOTS"] { arguments += ["--shots", shots] }
        let outcome = try await Outcome.of(Browser.python, arguments + ["season.html", "hostile.html"], in: folder)
        let looks = try outcome.out.split(separator: "\n").map { try JSON.parse(String($0)) }
        #expect(looks.count == 8, "\(outcome.error)")
        for look in looks {
            let place = "\(look["page"]?.string ?? "") \(look["width"]?.string ?? "") \(look["scheme"]?.string ?? "")"
            #expect(look["overflow"] == 0, "\(place) is too wide")
            for what in ["spilled", "requests", "complaints", "violations"] {
                #expect(look[what] == [], "\(place): \(what)")
            }
            #expect(look["scripts"] == 0 && look["small"] == 0, "\(place)")
            #expect(look["checked"]?.integer ?? 0 > 30, "\(place)")
            // That the style sheet is there says that the page's policy fits it.
            let colour = look["scheme"] == "dark" ? "rgb(14, 17, 22)" : "rgb(246, 247, 249)"
            #expect(look["background"]?.string == colour, "\(place)")
        }
    }
}
