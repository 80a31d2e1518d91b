/// Where in a manifest a key belongs.
enum ManifestSections {
    /// Where a key belongs that stands in another place.
    static func home(of key: String) -> String? {
        let sections = [
            RootKeys.section, ImageKeys.section, TaskDefinitionKeys.section, SchemaKeys.section,
            MigrateKeys.section, ServiceKeys.section, ScheduleKeys.section,
        ]
        let homes = sections.filter { $0.names.contains(key) }.map { section in
            switch section.path {
            case "": "the manifest itself"
            case "services", "schedules": "\(section.path)[…]"
            default: section.path
            }
        }
        return homes.isEmpty ? nil : homes.joined(separator: " or ")
    }
}
