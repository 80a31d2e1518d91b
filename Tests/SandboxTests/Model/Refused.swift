import JSON

/// An input that is refused, and what the refusal says.
struct Refused: Sendable {
    let input: JSON
    let text: String

    init(_ input: JSON, _ text: String) {
        self.input = input
        self.text = text
    }
}
