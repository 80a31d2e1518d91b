import AWS
import JSON
import Ledger
import Manifest

/// What a function has answered, as far as it may be kept: the acceptance of its intent, and the end of its migration.
struct LambdaAnswer: Record {
    private enum Way: Sendable, Equatable {
        case exited(Int)
        case cutOff(String)
    }

    private let function: String
    /// The request's number; nil if Lambda named none.
    let request: String?
    private let way: Way
    /// What Lambda or the function says of its error, line by line.
    private let error: [String]
    let log: LogTail

    /// - Parameter mask: for all that comes from the function.
    init(_ invocation: LambdaClient.Invoked, function: String, mask: Mask) {
        self.function = function
        request = invocation.requestID
        let returned = invocation.returned
        let raw = Self.lines(invocation)
        var log = LogTail(lines: raw.suffix(LogTail.kept).map(mask.apply))
        // Before anything is hidden in it: a version may look like the value of a variable.
        log.answer = raw.compactMap { ProbeAnswer(line: $0) }.last
        if let answer = Self.reported(in: returned) { log.answer = answer }
        self.log = log
        way = Self.way(invocation, returned)
        error =
            invocation.functionError.map { kind in
                let said = ["errorType", "errorMessage"].compactMap { returned[$0]?.string }.joined(separator: ": ")
                return ["function error: \(mask.apply(kind))"]
                    + said.split(whereSeparator: \.isNewline).prefix(LogTail.kept).map { mask.apply(String($0)) }
            } ?? []
    }

    /// Whole lines only: of one that is cut, the rest of a value could not be recognised.
    private static func lines(_ invocation: LambdaClient.Invoked) -> [String] {
        guard let log = invocation.log else { return [] }
        let lines = log.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        return (invocation.isLogCut ? lines.dropFirst() : lines[...]).filter { !$0.isEmpty }.map(String.init)
    }

    /// What an answer says of the schema; nil where it says nothing. What is not as documented is no answer.
    private static func reported(in returned: JSON) -> ProbeAnswer? {
        let (schema, dirty) = (returned["schema"] ?? .null, returned["dirty"] ?? .null)
        guard dirty.isNull || dirty.bool != nil else {
            return .unreadable("its answer's \"dirty\" must be true or false, \(dirty.kind) found")
        }
        if schema.isNull { return dirty.bool == true ? .unreadable("its answer says dirty, and no version") : nil }
        guard let version = schema.string else {
            return .unreadable("its answer's \"schema\" must be a string, \(schema.kind) found")
        }
        return Syntax.isVersion(version)
            ? .version(version, isDirty: dirty.bool ?? false)
            : .unreadable("its answer's \"schema\" is not a version")
    }

    private static func way(_ invocation: LambdaClient.Invoked, _ returned: JSON) -> Way {
        let code = returned["exitCode"].flatMap { $0.isNull ? nil : $0 }
        guard invocation.functionError != nil else {
            guard returned.isNull || returned.object != nil else {
                return .cutOff("the function's answer must be an object or null, \(returned.kind) found")
            }
            // Of an object whose content was lost nothing is left but this.
            if returned.object?.members.isEmpty == true { return .cutOff("the function's answer is an empty object") }
            guard let code else { return .exited(0) }
            return code.integer.map(Way.exited)
                ?? .cutOff("the function returned an exitCode that is not a whole number")
        }
        // What it was doing then is not known: as for a task that is stopped from outside.
        // (AWS Lambda Developer Guide, "Troubleshoot execution issues in Lambda": "Task timed out after X seconds".)
        if returned["errorType"]?.string == "Sandbox.Timedout"
            || returned["errorMessage"]?.string?.contains("Task timed out after") == true
        {
            return .cutOff("Lambda ended the function at its time-out")
        }
        // Lambda names every error, and one whose name was lost may have been the time-out.
        let names = ["errorType", "errorMessage"].compactMap { returned[$0]?.string }
        guard !names.isEmpty || code?.integer != nil else {
            return .cutOff("the function ended with an error and did not say with which")
        }
        // An error and the exit code 0 contradict each other.
        return .exited(code?.integer.flatMap { $0 == 0 ? nil : $0 } ?? 1)
    }

    // MARK: - In the ledger

    var json: JSON {
        var json: JSON = .members([
            "function": function, "request": request, "log": log.lines, "error": error.isEmpty ? nil : error,
            "schema": log.answer?.fact,
        ])
        switch way {
        case .exited(let code): json["exitCode"] = .integer(code)
        case .cutOff(let why): json["cutOff"] = .string(why)
        }
        return json
    }

    /// Reads it as the ledger keeps it.
    init?(_ json: JSON) {
        guard let function = json["function"]?.string else { return nil }
        self.function = function
        request = json["request"]?.string
        error = json["error"]?.elements.compactMap(\.string) ?? []
        log = LogTail(
            lines: json["log"]?.elements.compactMap(\.string) ?? [],
            answer: json["schema"]?.string.flatMap(ProbeAnswer.init(fact:)))
        way =
            json["exitCode"]?.integer.map(Way.exited)
            ?? .cutOff(json["cutOff"]?.string ?? "its answer is not understood")
    }

    var end: MigrationEnd {
        let way: MigrationEnd.Way =
            switch way {
            case .exited(let code): .exited(code)
            case .cutOff(let why): .cutOff(why)
            }
        return MigrationEnd(
            way, .lambda, who: "the function \(function)",
            cause: error + ["function: \(function)"] + (request.map { ["request: \($0)"] } ?? []), log: log,
            evidence: json)
    }
}

extension JSON {
    /// What it is called in a complaint.
    fileprivate var kind: String {
        switch self {
        case .null: "null"
        case .bool: "a truth value"
        case .integer, .double: "a number"
        case .string: "a string"
        case .array: "a list"
        case .object: "an object"
        }
    }
}
