import AWS
import Hashing
import JSON
import Time

/// Makes answers out of results, in the forms of AWS's protocols.
package enum Answer {
    static func plain(_ status: Int, _ text: String) -> HTTPResponse {
        HTTPResponse(
            status: status, headers: [HTTPHeader("Content-Type", "text/plain; charset=utf-8")], body: Array(text.utf8))
    }

    /// AWS JSON 1.1.
    package static func json(_ result: Result<JSON, ECSFault>, id: String, at now: Timestamp) -> HTTPResponse {
        let (status, body) =
            switch result {
            case .success(let json): (200, json)
            case .failure(let fault): (fault.status, fault.json)
            }
        return HTTPResponse(
            status: status, headers: headers("application/x-amz-json-1.1", id, now), body: Array(body.compact.utf8))
    }

    /// The query protocol of STS: members in XML, in the order of the result.
    package static func xml(
        _ result: Result<JSON, ECSFault>, operation: String, id: String, at now: Timestamp
    ) -> HTTPResponse {
        let space = #" xmlns="https://sts.amazonaws.com/doc/2011-06-15/""#
        let (status, body): (Int, String)
        switch result {
        case .success(let json):
            let members = (json.object?.members ?? []).map { "<\($0.key)>\(escape($0.value.string ?? ""))</\($0.key)>" }
            status = 200
            body =
                "<\(operation)Response\(space)><\(operation)Result>\(members.joined())</\(operation)Result>"
                + "<ResponseMetadata><RequestId>\(id)</RequestId></ResponseMetadata></\(operation)Response>"
        case .failure(let fault):
            status = fault.status
            body =
                "<ErrorResponse\(space)><Error><Type>Sender</Type><Code>\(escape(fault.code))</Code>"
                + "<Message>\(escape(fault.message))</Message></Error><RequestId>\(id)</RequestId></ErrorResponse>"
        }
        return HTTPResponse(status: status, headers: headers("text/xml", id, now), body: Array(body.utf8))
    }

    /// Of an invocation that has ended. (Lambda API Reference, Invoke: the log's last 4 KB.)
    static func invocation(_ ended: FunctionRunner.FunctionEnd, id: String, at now: Timestamp) -> HTTPResponse {
        var headers = headers("application/json", id, now)
        headers.append(HTTPHeader("X-Amz-Executed-Version", "$LATEST"))
        headers.append(HTTPHeader("X-Amz-Log-Result", Base64.encode(Array(ended.log.suffix(4_096)))))
        if ended.isError { headers.append(HTTPHeader("X-Amz-Function-Error", "Unhandled")) }
        return HTTPResponse(status: 200, headers: headers, body: Array(ended.returned.compact.utf8))
    }

    private static func headers(_ type: String, _ id: String, _ now: Timestamp) -> [HTTPHeader] {
        [HTTPHeader("Content-Type", type), HTTPHeader("x-amzn-RequestId", id), HTTPHeader("Date", now.httpDate)]
    }

    private static func escape(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }

    static func phrase(_ status: Int) -> String {
        switch status {
        case 200: "OK"
        case 400: "Bad Request"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 413: "Content Too Large"
        case 431: "Request Header Fields Too Large"
        case 500: "Internal Server Error"
        case 501: "Not Implemented"
        case 505: "HTTP Version Not Supported"
        default: "Status \(status)"
        }
    }
}

/// Ids of requests, in the form of a UUID.
enum RequestID {
    static func text(_ number: Int, _ now: Int) -> String {
        let hex = Array(SHA256.hex("\(number)/\(now)"))
        return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(hex[$0]) }.joined(separator: "-")
    }
}
