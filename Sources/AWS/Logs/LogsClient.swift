import JSON

/// A line of a log stream. `time` in milliseconds since 1970.
public struct LogEvent: Sendable, Equatable {
    public let time: Int
    public let message: String
}

/// Amazon CloudWatch Logs: reading one stream from its beginning.
public struct LogsClient: Sendable {
    public struct Page: Sendable {
        public let events: [LogEvent]
        /// Pass it to read on. The stream's present end is reached when the same token comes back.
        public let next: String?
    }

    private let caller: Caller

    public init(_ caller: Caller) { self.caller = caller }

    /// Whether a log group exists. (CloudWatch Logs API Reference, DescribeLogGroups.)
    public func hasGroup(_ name: String, region: String?) async throws(AWSError) -> Bool {
        var next: String?
        let reader = AnswerReader(operation: "logs:DescribeLogGroups", secrets: caller.secrets)
        repeat {
            let answer = try await caller.call(
                .logs, "DescribeLogGroups", .members(["logGroupNamePrefix": name, "nextToken": next]), region: region)
            if try (reader.list("logGroups", of: answer) ?? []).contains(where: { $0["logGroupName"]?.string == name })
            {
                return true
            }
            next = try reader.text("nextToken", of: answer, "the answer")
        } while next != nil
        return false
    }

    /// One page of a stream, or nil where the stream does not exist (yet). That its group does not exist is an error: the
    /// awslogs driver starts no container without it.
    ///
    /// Pages may be empty though more follows (CloudWatch Logs API Reference, GetLogEvents).
    public func events(
        group: String, stream: String, after token: String?, region: String?
    ) async throws(AWSError) -> Page? {
        let answer: JSON
        do {
            answer = try await caller.call(
                .logs, "GetLogEvents",
                .members([
                    "logGroupName": group, "logStreamName": stream, "startFromHead": true, "nextToken": token,
                ]), region: region)
        } catch let error where error.code == "ResourceNotFoundException" && !error.message.mentions("log group") {
            return nil
        }
        let reader = AnswerReader(operation: "logs:GetLogEvents", secrets: caller.secrets)
        // AWS shows an empty list where there is nothing: no list says nothing of the log's end.
        guard let events = try reader.list("events", of: answer) else {
            throw reader.malformed("the answer has no events")
        }
        return Page(
            // A line may say a schema version, which decides; an odd one is read as far as it goes.
            events: events.map { LogEvent(time: $0["timestamp"]?.integer ?? 0, message: $0["message"]?.string ?? "") },
            next: try reader.text("nextForwardToken", of: answer, "the answer"))
    }
}
