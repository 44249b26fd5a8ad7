"""Results as Markdown, and their place in the documentation."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_DOCS = Path(__file__).parent.parent / "docs"
DOCUMENT = _DOCS / "performance.md"
DEPLOY = _DOCS / "deploy.md"


@dataclass(frozen=True)
class Target:
    """Something that is to be reached: at most so much, or at least."""

    name: str
    found: float
    bound: float
    is_minimum: bool = False
    unit: str = "x"

    @property
    def is_met(self) -> bool:
        """Is the bound kept?"""
        return self.found >= self.bound if self.is_minimum else self.found <= self.bound

    def row(self) -> tuple[str, str, str, str]:
        """The target as a row of a table."""
        sign = "≥" if self.is_minimum else "≤"
        bound = f"{sign} {_amount(self.bound)} {self.unit}"
        return self.name, bound, f"{_amount(self.found)} {self.unit}", "met" if self.is_met else "**not met**"


def targets_table(targets: Sequence[Target]) -> str:
    """Targets as a table."""
    return table(("target", "wanted", "found", ""), [target.row() for target in targets], numbers=2)


def table(head: Sequence[str], rows: Sequence[Sequence[str]], numbers: int = 0) -> str:
    """A Markdown table; so many columns after the first are set to the right, all where it is 0."""
    count = numbers or len(head) - 1
    rule = ["---", *["---:"] * count, *["---"] * (len(head) - 1 - count)]
    return "\n".join(f"| {' | '.join(row)} |" for row in [head, rule, *rows])


def _amount(value: float) -> str:
    """A number with as many digits as tell something."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def replace_section(text: str, name: str, content: str) -> str:
    """A document with new content between `<!-- name -->` and `<!-- /name -->`. Raises ValueError without them."""
    marks = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
    replaced, count = marks.subn(lambda match: f"{match[1]}\n{content}\n\n{match[2]}", text)
    if count != 1:
        raise ValueError(f"the document has no section between <!-- {name} --> and <!-- /{name} -->")
    return replaced


def write_section(name: str, content: str, document: Path = DOCUMENT) -> None:
    """Put results into a document, docs/performance.md where none is named."""
    document.write_text(replace_section(document.read_text("utf-8"), name, content), "utf-8")
