import Base

/// A file that is made for a person, who may have one of that name already.
struct NewFile {
    let path: String
    let text: String

    /// - Throws: ``Failure`` with code `output-unwritable` if something is at the path.
    func check() throws(Failure) {
        if Files.isVacant(path) { return }
        throw Failure(
            .outputUnwritable, "\(path) is there already, and is not overwritten",
            hint: "name another place, or move the file away first")
    }

    /// Writes all of them, or none if one is there already. Folders are made.
    static func write(_ files: [NewFile]) throws(Failure) {
        for file in files { try file.check() }
        for file in files {
            try Files.makeFolder(of: file.path)
            try Files.write(file.text, to: file.path, mode: 0o666)
        }
    }
}
