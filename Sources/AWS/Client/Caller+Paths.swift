import JSON

/// Services that have a path for each thing and speak JSON (AWS restJson1).
extension Caller {
    /// Reads what is at a path.
    func read(
        _ service: Service, _ operation: String, path: String, query: [(String, String)]
    ) async throws(AWSError) -> JSON {
        let query = query.map { "\($0.0)=\(PercentEncoding.encode($0.1))" }.joined(separator: "&")
        return try await patiently(service, operation) { () throws(AWSError) in
            try await json(
                service, operation, "GET", path: path, query: query, region: settings.region, headers: [])
        }
    }

    /// Replaces what is at a path, once.
    func replace(
        _ service: Service, _ operation: String, path: String, with body: JSON
    ) async throws(AWSError) -> JSON {
        try await json(
            service, operation, "PUT", path: path, region: settings.region,
            headers: [HTTPHeader("Content-Type", "application/json")], body: Array(body.compact.utf8))
    }
}
