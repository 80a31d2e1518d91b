import Glibc
import Support
import Testing

/// What the tests' own tools promise to the tests.
@Suite("a program that a test starts")
struct ChildTests {
    @Test("inherits nothing that is open here: a connection would outlive its two sides")
    func descriptors() async throws {
        let open = dup(0)
        defer { close(open) }
        // The fourth is the folder that is listed.
        #expect(try await Outcome.of("ls", ["/proc/self/fd"]).out == "0\n1\n2\n3\n")
    }
}
