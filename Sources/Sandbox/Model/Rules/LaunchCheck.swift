import JSON

/// What RunTask, CreateService and UpdateService refuse alike.
extension ECSModel {
    func check(_ settings: LaunchSettings, _ revision: RevisionRecord) throws(ECSFault) {
        if settings.launchType != nil, settings.capacityProviderStrategy != nil {
            throw .parameter("Specifying both a launch type and capacity provider strategy is not supported.")
        }
        if let type = settings.launchType, !["EC2", "FARGATE", "EXTERNAL"].contains(type) {
            throw .parameter("Launch type \(type) is not known.")
        }
        let hasNetwork = settings.networkConfiguration?["awsvpcConfiguration"] != nil
        if revision.networkMode == "awsvpc", !hasNetwork {
            throw .parameter("Network Configuration must be provided when networkMode 'awsvpc' is specified.")
        }
        if revision.networkMode != "awsvpc", hasNetwork {
            throw .parameter("Network Configuration is not valid for the given networkMode of this task definition.")
        }
        let configured = (settings.volumeConfigurations?.elements ?? []).compactMap { $0["name"]?.string }
        guard Set(revision.launchVolumes) == Set(configured) else {
            throw .parameter("volumeConfigurations must name the volumes that are configuredAtLaunch, and no others.")
        }
        if hasNetwork, settings.subnet == nil { throw .parameter("subnets can not be empty.") }
    }

    /// A client token: at most `longest` visible ASCII characters.
    func token(_ input: Input, longest: Int) throws(ECSFault) -> String? {
        guard let token = try input.string("clientToken"), !token.isEmpty else { return nil }
        guard token.utf8.count <= longest, token.utf8.allSatisfy({ (33...126).contains($0) }) else {
            throw .parameter("clientToken must have at most \(longest) ASCII characters from 33 to 126.")
        }
        return token
    }
}
