import JSON

/// Lets calls pass that the folder's policy allows: `policy.json`, which may be changed at any time. Without one all may be done.
struct Permit {
    let files: WorldFiles
    let rules: AccessRules

    func check(_ call: Call, _ input: JSON) throws {
        guard let policy = try files.readPolicy() else { return }
        for access in rules.needed(call.service, call.operation, input) where !policy.allows(access) {
            throw rules.denial(access)
        }
    }

    func check(invocationOf function: String) throws(ECSFault) {
        do { try check(Call(function), ["FunctionName": .string(function)]) } catch {
            throw error as? ECSFault ?? ECSFault("ServiceException", "the sandbox has failed: \(error)", status: 500)
        }
    }
}
