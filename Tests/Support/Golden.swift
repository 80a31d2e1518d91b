import Foundation

/// Files that hold what a user sees, word for word. `RECONCILE_UPDATE_GOLDEN=1 swift test` writes them again; read the
/// difference before you commit it.
public enum Golden {
    /// Whether a file of the repository holds this text.
    public static func holds(_ text: String, _ path: String) throws -> Bool {
        let path = Project.root + "/" + path
        if ProcessInfo.processInfo.environment["RECONCILE_UPDATE_GOLDEN"] == "1" { try Scratch.write(text, to: path) }
        return try String(contentsOfFile: path, encoding: .utf8) == text
    }
}
