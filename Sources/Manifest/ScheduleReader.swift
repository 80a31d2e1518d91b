/// Reads the section `schedules`.
struct ScheduleReader {
    let problems: Problems

    func read(_ root: ObjectReader) -> [ScheduleSpec] {
        guard root.node(RootKeys.schedules) != nil,
            let readers = root.objects(RootKeys.schedules, hint: "write [ { \"rule\": \"…\" } ]")
        else { return [] }
        var names: Set<String> = []
        return readers.compactMap { reader in
            guard let spec = spec(reader) else { return nil }
            // A name is what the ledger and `resolve` know it by.
            if !names.insert(spec.name).inserted {
                problems.add(at: reader.node.offset, "schedules has the name \(spec.name) twice")
            }
            return spec
        }
    }

    private func spec(_ reader: ObjectReader) -> ScheduleSpec? {
        let (rule, schedule) = (reader.value(ScheduleKeys.rule), reader.value(ScheduleKeys.schedule))
        let (bus, group) = (reader.value(ScheduleKeys.bus), reader.value(ScheduleKeys.group))
        check(rule, ScheduleKeys.rule, Syntax.schedule, reader)
        check(schedule, ScheduleKeys.schedule, Syntax.schedule, reader)
        check(bus, ScheduleKeys.bus, Syntax.bus, reader)
        check(group, ScheduleKeys.group, Syntax.schedule, reader)
        let stray = rule == nil ? (ScheduleKeys.bus, "a rule") : (ScheduleKeys.group, "a schedule")
        if reader.node(stray.0) != nil {
            problems.add(at: reader.place(stray.0), "\(reader.path(stray.0)) is for \(stray.1)")
        }
        switch (rule, schedule) {
        case (let rule?, nil): return ScheduleSpec(name: rule, place: .rule(bus: bus))
        case (nil, let schedule?): return ScheduleSpec(name: schedule, place: .schedule(group: group))
        case (.some, .some):
            problems.add(
                at: reader.node.offset, "one of the schedules has \"rule\" and \"schedule\"", hint: "keep one of them")
        case (nil, nil):
            let isMissing = reader.node(ScheduleKeys.rule) == nil && reader.node(ScheduleKeys.schedule) == nil
            if reader.isObject, isMissing {
                problems.add(at: reader.node.offset, "one of the schedules needs \"rule\" or \"schedule\"")
            }
        }
        return nil
    }

    private func check<Value>(_ text: String?, _ key: ManifestKey<Value>, _ letters: Letters, _ reader: ObjectReader) {
        guard let text, !letters.admit(text) else { return }
        reader.refuse(key, "is not a usable name", hint: "use letters, digits, dots, hyphens and underscores")
    }
}
