// The forms in which faults are shown and read.

extension FaultPlan.Strike {
    /// Reads `LAUNCH:INDEX:FAULT`.
    public init?(_ text: String) {
        let parts = text.split(separator: ":")
        guard parts.count == 3, let launch = Int(parts[0]), let index = Int(parts[1]),
            let fault = Fault(rawValue: String(parts[2]))
        else { return nil }
        self.init(launch: launch, index: index, fault: fault)
    }
}

extension FaultPlan.Siege: CustomStringConvertible {
    /// Reads `CALL:FAULT:TIMES` and `CALL:FAULT:TIMES:FAULT`.
    public init?(_ text: String) {
        let parts = text.split(separator: ":")
        guard (3...4).contains(parts.count), let fault = Fault(rawValue: String(parts[1])), let times = Int(parts[2])
        else { return nil }
        let then = parts.count == 4 ? Fault(rawValue: String(parts[3])) : nil
        if parts.count == 4, then == nil { return nil }
        self.init(name: String(parts[0]), fault: fault, times: times, then: then)
    }

    public var description: String { "\(name):\(fault.rawValue):\(times)" + (then.map { ":\($0.rawValue)" } ?? "") }
}

extension FaultPlan.LedgerFault: CustomStringConvertible {
    /// Reads `N:FAULT:once` or `N:FAULT:always`.
    public init?(_ text: String) {
        let parts = text.split(separator: ":")
        guard parts.count == 3, let nth = Int(parts[0]), let fault = Fault(rawValue: String(parts[1])),
            parts[2] == "once" || parts[2] == "always"
        else { return nil }
        self.init(nth: nth, fault: fault, isPersistent: parts[2] == "always")
    }

    public var description: String { "\(nth):\(fault.rawValue):\(isPersistent ? "always" : "once")" }
}
