import AWS
import Base
import Reconciler

/// The logs of programs on this machine, each read from where it was read last.
actor ProcessLog {
    private struct Reading {
        var offset = 0
        /// What is behind the last line's end.
        var rest: [UInt8] = []
        var tail = LogTail()
    }

    private let id: ResourceID
    private let host: any ProcessHost
    private let mask: Mask
    private var readings: [String: Reading] = [:]

    /// A line that is longer is taken for ended: what no line ends must not fill the memory.
    private static let longestLine = 65_536
    /// A bound on what one look shows, in bytes: a log that grows faster than it is read must not keep the verdict waiting.
    private static let mostAtOnce = 1 << 20

    init(id: ResourceID, host: any ProcessHost, mask: Mask) {
        self.id = id
        self.host = host
        self.mask = mask
    }

    /// Shows what is new.
    ///
    /// - Parameters:
    ///   - toEnd: whether nothing more will be written: then the last line needs no end.
    ///   - strange: what is hidden, too.
    /// - Returns: the last lines.
    func read(_ folder: String, toEnd: Bool, hiding strange: StrangeValues, in context: Context) -> LogTail {
        var reading = readings[folder] ?? Reading()
        let shown = reading.offset + Self.mostAtOnce
        // What has left the program's process group may go on writing for ever: that is not the program's log any more.
        guard let end = toEnd ? host.logSize(in: folder) : shown else {
            reading.tail.end = .unread("it is not on this machine any more")
            return reading.tail
        }
        while reading.offset < end, !Task.isCancelled, !context.clock.isOver {
            let bytes = host.log(in: folder, from: reading.offset)
            if bytes.isEmpty { break }
            let isShown = reading.offset < shown || reading.offset >= end - Self.mostAtOnce
            reading.offset += bytes.count
            reading.rest += bytes
            if isShown { take(&reading, strange, context) } else { skim(&reading) }
        }
        let isCut = reading.offset < end && (Task.isCancelled || context.clock.isOver)
        reading.tail.end = isCut ? .open : .complete
        if toEnd, !isCut, !reading.rest.isEmpty {
            reading.rest.append(UInt8(ascii: "\n"))
            take(&reading, strange, context)
        }
        readings[folder] = reading
        return reading.tail
    }

    private func take(_ reading: inout Reading, _ strange: StrangeValues, _ context: Context) {
        let newline = UInt8(ascii: "\n")
        let bytes = reading.rest
        // What was taken is removed once: a log may have millions of empty lines.
        var start = 0
        defer { reading.rest = Array(bytes[start...]) }
        func end() -> Int? {
            bytes[start...].firstIndex(of: newline)
                ?? (bytes.count - start > Self.longestLine ? start + Self.longestLine : nil)
        }
        while let end = end() {
            let line = bytes[start..<end]
            start = bytes[end] == newline ? end + 1 : end
            if line.isEmpty { continue }
            let raw = String(decoding: line, as: UTF8.self)
            // Before anything is hidden in it: a version may look like the value of a variable.
            if let answer = ProbeAnswer(line: raw) { reading.tail.answer = answer }
            for line in raw.split(whereSeparator: \.isNewline) {
                let shown = mask.apply(strange.hide(in: String(line)))
                reading.tail.lines.append(shown)
                context.emit(.log(id, shown))
            }
        }
        reading.tail.trim()
    }

    /// Of the middle of a log that is too long to be shown, only the program's answer counts.
    private func skim(_ reading: inout Reading) {
        let newline = UInt8(ascii: "\n")
        let last =
            reading.rest.lastIndex(of: newline) ?? (reading.rest.count > Self.longestLine ? Self.longestLine : nil)
        guard let last else { return }
        if ProbeAnswer.isMentioned(in: reading.rest[...last]) {
            for line in reading.rest[...last].split(separator: newline) {
                if let answer = ProbeAnswer(line: String(decoding: line, as: UTF8.self)) {
                    reading.tail.answer = answer
                }
            }
        }
        reading.rest.removeFirst(last + 1)
    }
}
