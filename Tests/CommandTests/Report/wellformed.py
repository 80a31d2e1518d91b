"""Reads a page from standard input, and prints what is wrong with it, one thing a line."""
import html.parser
import sys

VOID = {"meta", "link", "rect", "line", "br"}
TAGS = set(
    "html head meta title link style body a header footer main nav section h1 h2 h3 h4 p dl dt dd div span strong time ul ol li"
    " table thead tbody tr th td details summary figure figcaption svg desc rect line pre code".split()) | VOID
ATTRIBUTES = set(
    "lang charset http-equiv content name rel href class id aria-label aria-labelledby aria-hidden datetime scope"
    " data-column open role width height x y x1 x2 y1 y2 rx tabindex".split())


class Check(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.ids, self.references, self.level, self.problems = [], set(), [], 0, []

    def say(self, text):
        self.problems.append(f"line {self.getpos()[0]}: {text}")

    def handle_starttag(self, tag, attributes):
        if tag not in TAGS:
            self.say(f"<{tag}> is not one of the page's elements")
        values = dict(attributes)
        if len(values) != len(attributes):
            self.say(f"<{tag}> has an attribute twice")
        for name, value in attributes:
            if name not in ATTRIBUTES:
                self.say(f"<{tag}> has an attribute {name}")
            if name == "href" and not (value.startswith("#") or value == "data:,"):
                self.say(f"a link to {value}")
            if name in ("aria-labelledby",) or (name == "href" and value.startswith("#")):
                self.references += value.lstrip("#").split()
        if "id" in values:
            if values["id"] in self.ids:
                self.say(f"the id {values['id']} twice")
            self.ids.add(values["id"])
        if tag in ("h1", "h2", "h3", "h4"):
            level = int(tag[1])
            if level > self.level + 1:
                self.say(f"<{tag}> after a heading of level {self.level}")
            self.level = level
        if tag == "th" and "scope" not in values:
            self.say("<th> without scope")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.say(f"</{tag}> ends what is not open")

    def handle_comment(self, data):
        self.say("a comment")


check = Check()
check.feed(sys.stdin.read())
check.close()
check.problems += [f"<{tag}> is not closed" for tag in check.open]
check.problems += [f"no element has the id {name}" for name in check.references if name not in check.ids]
print("\n".join(check.problems))
