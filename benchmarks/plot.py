"""A bar chart as SVG, which is readable on a light and on a dark page."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import log

WIDTH, LABELS, NUMBERS = 760, 170, 70
ROW, BAR, TOP = 28, 18, 48

_STYLE = """\
text { font: 14px system-ui, sans-serif; fill: #24292f }
.title { font-weight: 600 }
.bar { fill: #8c959f }
.ours { fill: #bc52ee }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } }"""


@dataclass(frozen=True)
class Bar:
    """One row of a chart."""

    label: str
    value: float
    note: str
    is_ours: bool = False


def bar_chart(title: str, bars: Sequence[Bar]) -> str:
    """Bars below each other on a logarithmic scale, which says so."""
    height = TOP + ROW * len(bars) + 8
    low = min(bar.value for bar in bars) / 2
    scale = (WIDTH - LABELS - NUMBERS) / log(max(bar.value for bar in bars) / low)
    rows = [_row(bar, TOP + ROW * number, log(bar.value / low) * scale) for number, bar in enumerate(bars)]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">',
            f"<title>{escape(title)}</title>",
            f"<style>\n{_STYLE}\n</style>",
            f'<text class="title" x="8" y="24">{escape(title)} (logarithmic)</text>',
            *rows,
            "</svg>\n",
        ]
    )


def _row(bar: Bar, y: int, length: float) -> str:
    middle = y + BAR - 4
    kind = "bar ours" if bar.is_ours else "bar"
    return (
        f'<text x="{LABELS - 10}" y="{middle}" text-anchor="end">{escape(bar.label)}</text>'
        f'<rect class="{kind}" x="{LABELS}" y="{y}" width="{length:.1f}" height="{BAR}" rx="2"/>'
        f'<text x="{LABELS + length + 8:.1f}" y="{middle}">{escape(bar.note)}</text>'
    )
