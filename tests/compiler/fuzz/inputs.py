"""Inputs of every kind, the same for the same seed: texts of the fixtures cut, changed and nested, and texts of great size."""

import random
import re
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import TypeAlias

FIXTURES = Path(__file__).parents[3] / "fixtures"

TOKENS = """{ } {{ }} < > </ /> <> </> " ' ` ( ) [ ] : := = == ! != , ; . * ** ... \\ --- {# #} <!-- --> <!doctype <![CDATA[ ]]>
    <? f" f' rf''' \"\"\" lambda for in if else await async yield return not and or class def import from None {**x} {x}
    {x!r} {x:>{w}} {x:%d} <style> </style> <script> </script> <textarea> <title> </title> <slot/> <slot <Card> </Card>
    <Card/> <ui.Card/> <p> </p> <br> <svg> <math> is:raw set:html={x} class:list={x} define:vars={{x}} slot="a" {...x} {/* */}
    {%if%} => && || ?. ?? === class_ Props Astro.props Astro.self &amp; &#123; % # 0 1e5 0x é 😀 \u2028 \x0c \x1b""".split()
"""What the language gives a meaning to, and what other languages do."""

Family: TypeAlias = "Callable[[int], Iterator[bytes]]"
"""Inputs of one kind, by the seed of what is by chance in them."""

_WORD = re.compile(rb"[\w.]+|\s+|.", re.DOTALL)


def fixtures() -> list[bytes]:
    """The sources of all language cases."""
    return [path.read_bytes() for path in sorted(FIXTURES.rglob("*.astro"))]


def truncations(seed: int) -> Iterator[bytes]:
    """Every fixture cut at every byte, in an order of the seed; then none."""
    texts = fixtures()
    cuts = [(text, end) for text in texts for end in range(len(text) + 1)]
    random.Random(seed).shuffle(cuts)
    for text, end in cuts:
        yield text[:end]


def mutations(seed: int) -> Iterator[bytes]:
    """Fixtures with some changes each, without end."""
    chance, texts = random.Random(seed), fixtures()
    for _ in count():
        text = chance.choice(texts)
        for _ in range(chance.choice((1, 1, 1, 2, 3, 6))):
            text = chance.choice(_CHANGES)(chance, text, texts)
        yield text


Change = Callable[[random.Random, bytes, list[bytes]], bytes]


def _range(chance: random.Random, text: bytes, longest: int = 40) -> tuple[int, int]:
    start = chance.randint(0, len(text))
    return start, min(len(text), start + chance.randint(0, longest))


def _change_byte(chance: random.Random, text: bytes, texts: list[bytes]) -> bytes:
    at = chance.randint(0, len(text))
    return text[:at] + bytes([chance.randrange(256)]) + text[at + chance.randint(0, 1) :]


def _insert_token(chance: random.Random, text: bytes, texts: list[bytes]) -> bytes:
    at = chance.randint(0, len(text))
    return text[:at] + chance.choice(TOKENS).encode() + text[at + chance.randint(0, 3) :]


def _delete(chance: random.Random, text: bytes, texts: list[bytes]) -> bytes:
    start, end = _range(chance, text)
    return text[:start] + text[end:]


def _duplicate(chance: random.Random, text: bytes, texts: list[bytes]) -> bytes:
    start, end = _range(chance, text)
    return text[:end] + text[start:end] * chance.choice((1, 2, 30)) + text[end:]


def _swap_tokens(chance: random.Random, text: bytes, texts: list[bytes]) -> bytes:
    words = _WORD.findall(text)
    if len(words) > 1:
        a, b = chance.randrange(len(words)), chance.randrange(len(words))
        words[a], words[b] = words[b], words[a]
    return b"".join(words)


def _splice(chance: random.Random, text: bytes, texts: list[bytes]) -> bytes:
    """The beginning of one text and the end of another."""
    other = chance.choice(texts)
    return text[: chance.randint(0, len(text))] + other[chance.randint(0, len(other)) :]


def _borrow(chance: random.Random, text: bytes, texts: list[bytes]) -> bytes:
    """A stretch of another text put in."""
    other = chance.choice(texts)
    start, end = _range(chance, other)
    at = chance.randint(0, len(text))
    return text[:at] + other[start:end] + text[at:]


def _nest(chance: random.Random, text: bytes, texts: list[bytes]) -> bytes:
    """A stretch with something around it, once or many times."""
    before, after = chance.choice(_AROUND)
    times = chance.choice((1, 1, 2, 20, 120))
    start, end = _range(chance, text)
    return text[:start] + before * times + text[start:end] + after * times + text[end:]


def _newlines(chance: random.Random, text: bytes, texts: list[bytes]) -> bytes:
    return text.replace(b"\n", chance.choice((b"\r\n", b"\r", b"\n\n", b"\n\t", b"\x0c\n", b"\n ")))


def _special(chance: random.Random, text: bytes, texts: list[bytes]) -> bytes:
    at = chance.randint(0, len(text))
    return text[:at] + chance.choice(_SPECIAL) + text[at:]


_AROUND = [
    (b"(", b")"),
    (b"[", b"]"),
    (b"{", b"}"),
    (b"<p>", b"</p>"),
    (b"<Card>", b"</Card>"),
    (b"<>", b"</>"),
    (b"{x and <b>", b"</b>}"),
    (b"{[<li>", b"</li> for x in y]}"),
    (b"{lambda: <i>", b"</i>}"),
    (b'{f"', b'"}'),
    (b"<!--", b"-->"),
    (b"{#", b"#}"),
    (b"<p a={", b"}/>"),
    (b"if x:\n    ", b"\n"),
    (b"not ", b""),
    (b"<slot name='a'>", b"</slot>"),
]
_SPECIAL = [
    b"\0",
    b"\xff",
    b"\xc3",
    b"\xed\xa0\x80",
    b"\xef\xbb\xbf",
    b"\r",
    b"\x0b",
    b"\xe2\x80\xa8",
    b"\x1b[31m",
]
_CHANGES: tuple[Change, ...] = (
    _change_byte,
    _insert_token,
    _insert_token,
    _delete,
    _duplicate,
    _swap_tokens,
    _splice,
    _borrow,
    _nest,
    _newlines,
    _special,
)


def soups(seed: int) -> Iterator[bytes]:
    """Tokens in any order, without end: what no fixture resembles."""
    chance = random.Random(seed)
    for _ in count():
        words = chance.choices(TOKENS, k=chance.choice((2, 4, 8, 30)))
        text = chance.choice(("", " ", "\n")).join(words)
        yield (f"---\n{text}" if chance.random() < 0.2 else text).encode()


SHAPES: dict[str, Callable[[int], str]] = {
    "open elements": lambda n: "<div>" * n,
    "open paragraphs": lambda n: "<p>" * n,
    "open components": lambda n: "<Card>" * n,
    "open slots": lambda n: "<slot>" * n,
    "open fragments": lambda n: "<>" * n,
    "end tags": lambda n: "</b>" * n,
    "closed elements": lambda n: "<b>" * n + "</b>" * n,
    "braces": lambda n: "{" * n,
    "closing braces": lambda n: "}" * n,
    "brackets": lambda n: "{" + "(" * n + ")" * n + "}",
    "markup in expressions": lambda n: "{x and <b>" * n + "</b>}" * n,
    "lambdas": lambda n: "{" + "lambda: " * n + "x}",
    "operators": lambda n: "{" + "not " * n + "x}",
    "conditions": lambda n: "{" + "x if y else " * n + "z}",
    "attribute chain": lambda n: "{x" + ".a" * n + "}",
    "calls": lambda n: "{x" + "()" * n + "}",
    "sums": lambda n: "{x" + " + x" * n + "}",
    "f-strings": lambda n: "{" + "f'{" * n + "}'" * n + "}",
    "specs": lambda n: "{x:" + "{y:" * n + "}" * n + "}",
    "less-than": lambda n: "<" * n,
    "attributes": lambda n: "<a " + "b " * n + ">",
    "open tags": lambda n: "<a " * n,
    "open values": lambda n: "<a b='" * n,
    "open strings": lambda n: '{"' * n,
    "spreads": lambda n: "<a " + "{**x} " * n + ">",
    "open comments": lambda n: "<!--" * n,
    "template comments": lambda n: "{#" * n,
    "open bracket in the frontmatter": lambda n: "---\n" + "(" * n,
    "nested blocks": lambda n: "---\n" + "".join(" " * i + "if x:\n" for i in range(min(n, 400))) + "---\n",
    "lines of frontmatter": lambda n: "---\n" + "x = 1\n" * n + "---\n",
    "fences": lambda n: "---\n" * n,
    "text": lambda n: "<p>" + "x" * n * 50,
    "words": lambda n: "x " * n,
    "expressions": lambda n: "{x}" * n,
    "formats": lambda n: "{x:>5}" * n,
    "empty expressions": lambda n: "{}" * n,
    "rules": lambda n: "<style>" + "a{b:c}" * n + "</style>",
    "nested rules": lambda n: "<style>" + "a{" * n + "}" * n + "</style>",
    "open rules": lambda n: "<style>" + "a{" * n + "</style>",
    "selectors": lambda n: "<style>" + ":is(" * n + "a" + ")" * n + "{}</style>",
    "scripts": lambda n: "<script>1</script>" * n,
    "raw": lambda n: "<b is:raw>" * n + "</b>" * n,
    "white space": lambda n: " \n" * n,
    "backslashes": lambda n: '{"' + "\\" * n + '"}',
    "references": lambda n: "&amp;" * n,
}
"""Texts of any size, by what there is much of."""


def sizes(seed: int, largest: int = 10_000) -> Iterator[bytes]:
    """Each shape in growing sizes, also with something at its end; then none."""
    for size in (30, 300, 3_000, largest):
        for shape in SHAPES.values():
            for end in ("", "}", "</p>", "\0"):
                yield (shape(size) + end).encode()
                if size > 300:
                    break
