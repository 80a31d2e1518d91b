import Hashing

/// The page as one file of HTML. It loads nothing, runs nothing, and its own policy forbids both.
struct PageView {
    let page: Page

    var html: HTMLText {
        let environments = page.environments.enumerated().map { index, environment in
            EnvironmentView(environment: environment, id: "e\(index + 1)", limit: page.limit)
        }
        let title = page.environments.count == 1 ? page.environments[0].name : "\(page.environments.count) environments"
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="\(Self.policy)">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="referrer" content="no-referrer">
            <meta name="robots" content="noindex">
            <meta name="generator" content="reconcile \(Release.current)">
            <title>Release report: \(title)</title>
            <link rel="icon" href="data:,">
            <style>\(PageStyle.sheet)</style>
            </head>
            <body>
            <a class="skip" href="#main">Skip to the environments</a>
            <header class="top">
            <p class="brand">reconcile</p>
            <h1>Release report</h1>
            <p class="quiet">As of \(MomentText.html(page.asOf)) · \(summary(environments))</p>
            \(contents(environments))</header>
            <main id="main">
            \(environments.map(\.html).joined())</main>
            <footer>
            <p>Written by reconcile \(Release.current). The ledger keeps no secrets, and this page loads nothing. \
            Times are UTC.</p>
            </footer>
            </body>
            </html>

            """
    }

    /// The style sheet is the only thing that may be used, and only as it is here.
    private static var policy: String {
        let digest = Base64.encode(SHA256.hash(Array(PageStyle.sheet.written.utf8)))
        return "default-src 'none'; style-src 'sha256-\(digest)'; img-src data:; base-uri 'none'; form-action 'none'"
    }

    private func summary(_ environments: [EnvironmentView]) -> String {
        let inSync = environments.count { $0.badge.tone == .good }
        let looked = environments.count(where: \.isSeen)
        if looked == 0 { return "from the ledger alone" }
        return "\(inSync) of \(environments.count) in sync"
    }

    private func contents(_ environments: [EnvironmentView]) -> HTMLText {
        if environments.count < 2 { return "" }
        let items = environments.map { view -> HTMLText in
            "<li><a href=\"#\(view.id)\"><span>\(view.environment.name)</span> \(view.badge.html)</a></li>\n"
        }
        return "<nav aria-label=\"Environments\"><ul class=\"chips\">\n\(items.joined())</ul></nav>\n"
    }
}
