import JSON

/// Log groups and their streams, kept in memory within bounds, and the CloudWatch Logs operations that read them.
public struct LogsModel: Sendable, Equatable {
    private(set) var groups: [String: [String: LogStreamRecord]] = [:]

    public init() {}

    /// Adds lines to a stream. No lines make an empty one, as the log driver does when a container starts.
    public mutating func append(_ lines: [String], to name: LogStreamName, at now: Int) {
        var stream = groups[name.group]?[name.stream] ?? LogStreamRecord(createdAt: now)
        stream.append(lines, at: now)
        groups[name.group, default: [:]][name.stream] = stream
    }

    mutating func found(_ group: String) { if groups[group] == nil { groups[group] = [:] } }

    mutating func handle(
        _ operation: String, _ input: JSON, region: String, account: String, at now: Int
    ) -> Result<JSON, ECSFault> {
        let input = Input(input)
        let prefix = "arn:aws:logs:\(region):\(account):log-group:"
        do {
            switch operation {
            case "CreateLogGroup": return .success(try createLogGroup(input))
            case "GetLogEvents": return .success(try getLogEvents(input))
            case "DescribeLogGroups": return .success(try describeLogGroups(input, prefix))
            case "DescribeLogStreams": return .success(try describeLogStreams(input, prefix))
            default: return .failure(.unknownOperation(operation))
            }
        } catch {
            return .failure(error)
        }
    }

    private mutating func createLogGroup(_ input: Input) throws(ECSFault) -> JSON {
        let name = try input.required("logGroupName")
        guard groups[name] == nil else {
            throw ECSFault("ResourceAlreadyExistsException", "The specified log group already exists")
        }
        groups[name] = [:]
        return [:]
    }

    private func group(_ input: Input) throws(ECSFault) -> (name: String, streams: [String: LogStreamRecord]) {
        let name = try input.required("logGroupName")
        guard let streams = groups[name] else {
            throw ECSFault("ResourceNotFoundException", "The specified log group does not exist.")
        }
        return (name, streams)
    }

    private func getLogEvents(_ input: Input) throws(ECSFault) -> JSON {
        let streams = try group(input).streams
        guard let stream = streams[try input.required("logStreamName")] else {
            throw ECSFault("ResourceNotFoundException", "The specified log stream does not exist.")
        }
        return try stream.page(input)
    }

    private func describeLogGroups(_ input: Input, _ prefix: String) throws(ECSFault) -> JSON {
        let start = try input.string("logGroupNamePrefix") ?? ""
        let names = groups.keys.filter { $0.hasPrefix(start) }.sorted { $0.precedes($1) }
        return [
            "logGroups": .array(
                names.map { ["logGroupName": .string($0), "arn": .string("\(prefix)\($0):*"), "storedBytes": 0] })
        ]
    }

    private func describeLogStreams(_ input: Input, _ prefix: String) throws(ECSFault) -> JSON {
        let (group, streams) = try group(input)
        let start = try input.string("logStreamNamePrefix") ?? ""
        var shown = streams.filter { $0.key.hasPrefix(start) }.sorted { $0.key.precedes($1.key) }
        if try input.string("orderBy") == "LastEventTime" {
            shown.sort { ($0.value.events.last?.time ?? 0) < ($1.value.events.last?.time ?? 0) }
        }
        if try input.bool("descending") ?? false { shown.reverse() }
        let limit = try input.integer("limit") ?? 50
        return [
            "logStreams": .array(
                shown.prefix(max(1, limit)).map { name, stream in
                    .object(dropping: [
                        "logStreamName": .string(name), "creationTime": .integer(stream.createdAt),
                        "firstEventTimestamp": stream.events.first.map { .integer($0.time) },
                        "lastEventTimestamp": stream.events.last.map { .integer($0.time) },
                        "lastIngestionTime": stream.events.last.map { .integer($0.time) },
                        "arn": .string("\(prefix)\(group):log-stream:\(name)"), "storedBytes": 0,
                    ])
                })
        ]
    }
}
