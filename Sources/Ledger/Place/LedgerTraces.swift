import Glibc

/// Whether a file that SQLite does not take for a database was one: its first bytes may be damaged, and the rest tells.
///
/// The file is opened for this, and to close it lets go what this process has locked on it through SQLite: only for a file
/// that SQLite has refused.
enum LedgerTraces {
    private static let header = Array("SQLite format 3\0".utf8)
    /// What SQLite makes a new database with, in bytes. (SQLite, "Database File Format", 1.3.2.)
    private static let page = 4_096
    /// So many pages are looked at: a large file of something else is not read to its end.
    private static let pages = 1_024

    static func areFound(in path: String) -> Bool {
        var information = stat()
        if stat(path + "-wal", &information) == 0, information.st_size > 0 { return true }
        let file = open(path, O_RDONLY | O_CLOEXEC)
        // What cannot be read is not known to be something else.
        guard file >= 0 else { return true }
        defer { close(file) }
        let start = read(header.count, at: 0, of: file)
        if header.starts(with: start) || start.allSatisfy({ $0 == 0 }) { return true }
        let size = fstat(file, &information) == 0 ? Int(information.st_size) : 0
        let count = min(size / page, pages)
        return (0..<count).contains { number in
            // The first page begins with the file's header, of 100 bytes.
            let offset = number == 0 ? 100 : 0
            return isTree(read(8, at: number * page + offset, of: file), offset)
        }
    }

    /// Whether a page begins as those of SQLite's trees do, with numbers that fit a page. (SQLite, "Database File Format",
    /// 1.6: its kind, the first free block, the number of cells, where their content begins, and fragmented bytes.)
    private static func isTree(_ bytes: [UInt8], _ offset: Int) -> Bool {
        guard bytes.count == 8, [2, 5, 10, 13].contains(bytes[0]) else { return false }
        func number(_ index: Int) -> Int { Int(bytes[index]) << 8 | Int(bytes[index + 1]) }
        let (free, cells, content) = (number(1), number(3), number(5))
        return free < page && content <= page && content >= offset + 8 + 2 * cells && bytes[7] <= 60
    }

    /// At most so many bytes.
    private static func read(_ count: Int, at offset: Int, of file: Int32) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let length = pread(file, &bytes, count, off_t(offset))
        return Array(bytes.prefix(max(0, length)))
    }
}
