"""What is printed: one line for each figure, with its target where it has one."""
import statistics


class Table:
    def __init__(self):
        self.missed = []
        self.section = ""

    def title(self, name):
        self.section = name
        print(f"\n{name}\n{'-' * len(name)}")

    def note(self, text):
        print(f"  {text}")

    def row(self, name, value, unit="", at_most=None, at_least=None):
        """A figure; at most one bound. A missed one is remembered, and the program then ends with 1."""
        text = f"  {name:58} {value:12.4g} {unit:9}"
        if at_most is not None or at_least is not None:
            held = value <= at_most if at_most is not None else value >= at_least
            bound = f"at most {at_most:g}" if at_most is not None else f"at least {at_least:g}"
            text += f" {bound}: {'ok' if held else 'MISSED'}"
            if not held:
                self.missed.append(f"{self.section}: {name}")
        print(text.rstrip(), flush=True)


def ratio(ours, theirs):
    """The median of paired ratios: each pair was taken at the same moment, so that what the machine did else drops out."""
    return statistics.median(left / right for left, right in zip(ours, theirs))
