"""Small sites that chance makes: two components, and a page that uses them in many ways."""

from dataclasses import dataclass
from random import Random

NAMES = (
    "title kind n items x value len str level class_ data_id open _p item write context slot text escape "
    "attribute props render default_slot"
).split()
"""Names of props and variables: plain ones, Python's own, and those of the generated code."""

DEFAULTS = {
    "str": "'a<b'",
    "int": "3",
    "bool": "False",
    "float": "1.5",
    "str | None": "None",
    "list": "()",
    "object": "'o'",
    "tuple[str, ...]": "('a', '<b>')",
}
SLOTS = ("default", "head", "x-y")


@dataclass(frozen=True)
class Prop:
    """A prop of a component."""

    name: str
    annotation: str
    default: str | None

    @property
    def attribute(self) -> str:
        return self.name.rstrip("_") or self.name


@dataclass(frozen=True)
class Component:
    """A component, and what its callers must know of it."""

    source: str
    props: tuple[Prop, ...]
    slots: tuple[str, ...]


class RandomSite:
    """The files of a site that a seed makes."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self._components: dict[str, Component] = {}
        self._components = {name: self._component() for name in ("First", "Second")}
        page = self._page()
        self.files = {
            "pages/index.astro": page,
            **{f"components/{name}.astro": each.source for name, each in self._components.items()},
        }

    def _is(self, probability: float) -> bool:
        return self._random.random() < probability

    def _component(self) -> Component:
        names = self._random.sample(NAMES, self._random.randint(0, 4))
        types = [self._random.choice(list(DEFAULTS)) for _ in names]
        props = [
            Prop(name, type_, None if self._is(0.4) else DEFAULTS[type_])
            for name, type_ in zip(names, types, strict=True)
        ]
        props.sort(key=lambda prop: prop.default is not None)
        fields = "".join(
            f"    {p.name}: {p.annotation}{'' if p.default is None else f' = {p.default}'}\n" for p in props
        )
        slots = self._random.sample(SLOTS, self._random.randint(0, 3))
        left = list(slots)
        body = self._nodes([p.name for p in props], left, 3)
        style = "\n<style>p { color: red }</style>" if self._is(0.3) else ""
        fences = f"---\nclass Props:\n{fields}---\n" if props else ""
        return Component(fences + body + style, tuple(props), tuple(s for s in slots if s not in left))

    def _page(self) -> str:
        names = [name for name in self._random.sample(NAMES, 4) if name not in ("len", "str")]
        values = ("'<v>'", "3", "None", "[1, 2]", "True")
        lines = [f"{name} = {self._random.choice(values)}" for name in names]
        lines += ["import asyncio", "await asyncio.sleep(0)"] if self._is(0.3) else []
        imports = f"from ..components import {', '.join(self._components)}"
        known = [*names, "'L'"]
        body = "".join(self._nodes(known, [], 2) + self._call(known, 2) for _ in range(3))
        return "---\n" + "\n".join([imports, *lines]) + f"\n---\n{body}\n"

    def _expression(self, names: list[str]) -> str:
        one, other = (self._random.choice(names or ["1"]) for _ in range(2))
        forms = (
            f"{one}",
            f"{one}",
            f"str({one})",
            f"{one} or 'z'",
            f"({one} if {other} else None)",
            f"[{one}, {other}]",
            f"f'<{{{one}}}>'",
            f"len(str({one}))",
            f"dict(k={one}).get('k')",
            f"[c for c in str({one})]",
            f"'{{}}'.format({one})",
            f"(lambda: {one})()",
            f"not {one}",
            "'<lit>'",
            "1.25",
        )
        return self._random.choice(forms)

    def _attributes(self, names: list[str]) -> str:
        value, name = self._expression(names), self._random.choice(names or ["1"])
        forms = [
            f"class:list={{['c', {value}, {{'d': {value}}}]}}",
            f"hidden={{{value}}}",
            f'title=f"t-{{{name}}}"',
            f"href={{{value}}}",
            f"style={{{{'top': {name}}}}}",
            'data-q="&lt;x"',
            f"data-a={{{value}}}",
            *([f"{{{name}}}"] if names and name.isidentifier() else []),
        ]
        return "".join(f" {each}" for each in self._random.sample(forms, self._random.randint(0, 3)))

    def _nodes(self, names: list[str], slots: list[str], depth: int) -> str:
        return "".join(self._node(names, slots, depth) for _ in range(self._random.randint(1, 3)))

    def _node(self, names: list[str], slots: list[str], depth: int) -> str:
        value, name = self._expression(names), self._random.choice(names or ["1"])
        if slots and self._is(0.3):
            slot = slots.pop()
            opening = "<slot" if slot == "default" else f'<slot name="{slot}"'
            return f"{opening}>{self._nodes(names, [], 0)}</slot>" if self._is(0.5) else f"{opening} />"
        if not depth or self._is(0.5):
            plain = (
                "text ",
                "\n",
                "&amp;",
                "<br>",
                f"{{{value}}}",
                f"{{{name}!r:>5}}",
                f"{{str({name}):>{{3}}}}",
            )
            return self._random.choice(plain)
        if self._components and self._is(0.2):
            return self._call(names, depth - 1)

        def inside(more: tuple[str, ...] = ()) -> str:
            return self._nodes([*names, *more], slots, depth - 1)

        bound = self._random.choice(["i", "k", "x", "item", "title", "str", "len"])
        kind = self._random.randrange(5)
        if kind == 0:
            return f"<p{self._attributes(names)}>{inside()}</p>"
        if kind == 1:
            return f"{{{value} and <b>{inside()}</b>}}"
        if kind == 2:
            return f"{{<i>{inside()}</i> if {value} else <u>{inside()}</u>}}"
        if kind == 3:
            return f"{{{value} or <s>{inside()}</s>}}"
        return f"{{<li>{inside((bound,))}</li> for {bound} in (1, '<2>')}}"

    def _call(self, names: list[str], depth: int) -> str:
        tag, component = self._random.choice(list(self._components.items()))
        given = [self._prop(prop, names) for prop in component.props if prop.default is None or self._is(0.6)]
        self._random.shuffle(given)
        inside = [self._content(slot, names, depth) for slot in component.slots if self._is(0.7)]
        self._random.shuffle(inside)
        return f"<{' '.join([tag, *given])}>{''.join(inside)}</{tag}>"

    def _prop(self, prop: Prop, names: list[str]) -> str:
        dashed = prop.attribute.replace("_", "-")
        name = dashed if self._is(0.2) and not dashed.startswith("-") else prop.attribute
        if prop.name in names and name == prop.name and self._is(0.3):
            return f"{{{name}}}"
        return self._random.choice(
            [f'{name}="lit&lt;"', name, *[f"{name}={{{self._expression(names)}}}"] * 3]
        )

    def _content(self, slot: str, names: list[str], depth: int) -> str:
        nodes = self._nodes(names, [], depth)
        if slot == "default":
            return nodes
        forms = (
            '<em slot="{}">{}</em>',
            '<Fragment slot="{}">{}</Fragment>',
            '{{1 and <q slot="{}">{}</q>}}',
        )
        return self._random.choice(forms).format(slot, nodes)
