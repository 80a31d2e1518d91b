/// The little of XML that the query protocol's answers need: the text of an element that has no elements inside.
enum XML {
    static func text(of element: String, in document: String) -> String? {
        guard let open = document.firstRange(of: "<\(element)>"),
            let close = document[open.upperBound...].firstRange(of: "</\(element)>")
        else { return nil }
        var text = String(document[open.upperBound..<close.lowerBound])
        for (entity, character) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")] {
            text.replace(entity, with: character)
        }
        return text
    }
}
