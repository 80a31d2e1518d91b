import Glibc

/// Writes a line at once: whoever waits wants to see how far it is.
func say(_ line: String) {
    let bytes = Array("\(line)\n".utf8)
    var start = 0
    while start < bytes.count {
        let written = bytes[start...].withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
        if written <= 0 { return }
        start += written
    }
}
