import ArgumentParser
import JSON
import Manifest

/// What a new manifest says of a database.
struct DatabaseOptions: ParsableArguments {
    @Option(help: ArgumentHelp("What the ledger and tags are to call the database.", valueName: "name"))
    var database: String?

    @Option(help: ArgumentHelp("The schema version that the database has today.", valueName: "version"))
    var schemaVersion: String?

    @Option(
        help: ArgumentHelp(
            "The command of the image that migrates, such as 'alembic upgrade head'; with quotes in it, a JSON list "
                + "(default: db-migrate).", valueName: "command"))
    var migrateCommand: String?

    func validate() throws {
        if database == nil, schemaVersion != nil || migrateCommand != nil {
            throw ValidationError("Name the database, too: --database NAME.")
        }
        try NameCheck.check(database, "--database", Syntax.isLabel, NameCheck.label)
        if let schemaVersion, let problem = Overrides(schemaVersion: schemaVersion).problem {
            throw ValidationError(problem)
        }
        if let migrateCommand { _ = try Self.words(migrateCommand) }
    }

    /// nil for an application without a database.
    func schema(asks: Bool) throws -> ManifestDraft.Schema? {
        if let database {
            return .init(
                database: database, version: schemaVersion, command: try migrateCommand.map(Self.words))
        }
        guard asks, let name = Questions.ask("Database that its releases migrate (empty: none)") else { return nil }
        let version = Questions.ask("Schema version that it has today (empty: migrate once for each new image)")
        let command = Questions.ask("Command of the image that migrates (empty: db-migrate)")
        var answers = self
        (answers.database, answers.schemaVersion, answers.migrateCommand) = (name, version, command)
        try answers.validate()
        return try answers.schema(asks: false)
    }

    /// The words of a command: at spaces, as long as nothing in it could mean that a space is part of a word.
    static func words(_ text: String) throws -> [String] {
        if text.hasPrefix("[") {
            let words = try? JSON.parse(text).array?.compactMap(\.string)
            guard let words, !words.isEmpty else {
                throw ValidationError("--migrate-command: this is not a JSON list of texts.")
            }
            return words
        }
        let words = text.split(separator: " ").map(String.init)
        guard !words.isEmpty, !text.contains(where: { "'\"\\".contains($0) }) else {
            throw ValidationError(
                #"--migrate-command: write it as a JSON list: '["sh", "-c", "alembic upgrade head"]'."#)
        }
        return words
    }
}
