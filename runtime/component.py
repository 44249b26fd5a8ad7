"""Components at run time: calling them from Python and from other components."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec, TypeAlias, TypeVar, overload

from markupsafe import Markup

from pyastro.runtime.astro import DEFAULT, Astro, as_attribute
from pyastro.runtime.context import Context
from pyastro.runtime.holes import fill, filled
from pyastro.runtime.slots import Slots, Write, plain_slot, plain_slots, public_slots, waits
from pyastro.runtime.suggest import closest
from pyastro.runtime.trusted import FromData

if TYPE_CHECKING:
    from pyastro.runtime.response import Response

__all__ = [
    "Component",
    "PropError",
    "as_markup",
    "component",
]

P = ParamSpec("P")
R = TypeVar("R", covariant=True)
A = TypeVar("A")
"""What a compiled function gives: a coroutine where the component waits for something, else None."""

Body: TypeAlias = Callable[Concatenate[Write, Context, P], A]


class _OwnContext(Context):
    """The context that a render makes for itself: it counts as under way from the beginning."""

    renders = 1


_new = object.__new__
"""Makes a context without asking for any of its arguments."""

as_markup: Callable[[str], Markup] = partial(str.__new__, Markup)
"""Text as markup. `Markup(html)` would first ask the text whether it has an `__html__`."""

_Default = type(DEFAULT)

_MOST_FITTING = 100
_SPELLING = "__spelling__"
"""The parameter of a compiled function that asks how its caller spells props."""


class PropError(TypeError):
    """A component was called with props that it does not take, or without one that it needs."""


class EarlyReturn(BaseException):
    """Carries the Response that a component's frontmatter returned up to the page that is being rendered.

    No `except Exception` of a page may catch it.
    """

    def __init__(self, response: Response) -> None:
        self.response = response


class Component(Generic[P, R, A]):
    """A compiled component.

    `await component(astro, slots, **props)` renders it. `into` is the same for other components: it writes where they
    write.
    """

    def __init__(self, body: Body[P, A], returns: bool = False, slots: tuple[str, ...] | None = None) -> None:
        self.__doc__ = body.__doc__
        self.__module__ = body.__module__
        self.__wrapped__ = body
        """The compiled function; `inspect.signature` shows its props."""
        self.waits = waits(body)
        """Is the compiled function a coroutine function?"""
        self.into: Body[P, A] = _returning(body, self.waits) if returns else body
        """The compiled function, which writes its output."""
        code, defaults = body.__code__, body.__kwdefaults__ or {}
        first = code.co_argcount
        self._slots = slots
        self._takes_mapping = slots is None and first > 2
        names = code.co_varnames[first : first + code.co_kwonlyargcount]
        self._wants_spelling = _SPELLING in names
        self._names = tuple(name for name in names if name != _SPELLING)
        self._fields = {_attribute_name(name): name for name in self._names}
        self._required = [name for name in self._names if name not in defaults]
        self._fitting: set[tuple[str, ...]] = set() if self._required else {()}
        """Names of props that a call from Python may give as they are."""
        self.takes_any = bool(code.co_flags & 0x08)
        """Are props taken that it does not declare?"""
        self._resolves_default = self.takes_any or any(
            d is not DEFAULT for d in map(defaults.get, self._names)
        )
        """May a prop be given for which DEFAULT must be replaced before the compiled function is called?"""
        others = code.co_varnames[first + len(names)] if self.takes_any else ""
        self.is_open = others.startswith("props")
        """May anything be passed, because it declares no props and does not ask for attributes?"""
        self._is_plain = True
        """Does a context that was made for it know all that it must?"""

    @property
    def name(self) -> str:
        """The component's name, as the last part of its module's."""
        return self.__module__.rpartition(".")[2]

    async def __call__(
        self,
        astro: Astro | Context | None = None,
        slots: Mapping[str, Any] | None = None,
        /,
        *args: P.args,
        **props: P.kwargs,
    ) -> R:
        """The component as HTML, or the Response that it returned early.

        `slots` maps names to content: `Markup`, text, or any value that a template could show. Raises PropError for
        props that do not fit.
        """
        # For a small page this function is most of the work, so it does by itself what helpers could do.
        if astro is None:
            context: Context = _new(_OwnContext)
        else:
            context = astro.context if isinstance(astro, Astro) else astro
            context.renders += 1
        try:
            if not self._is_plain or astro is not None:
                self._prepare(context)
            bound: Any = props
            if tuple(props) not in self._fitting or (
                self._resolves_default and _Default in map(type, props.values())
            ):
                bound = self._bound(props)
            out: list[str] = []
            if slots is None:
                waiting: Any = self.into(out.append, context, *args, **bound)
            else:
                contents = self.arranged(public_slots(slots, context, self.waits))
                waiting = self.into(out.append, context, *contents, *args, **bound)
            if waiting is not None:
                await waiting
            html = "".join(out)
            if context.holes is not None:
                html = await filled(html, context)
            return self._whole(html, context)
        except EarlyReturn as early:
            return early.response  # type: ignore[return-value]  # R says so where a component returns
        except Exception as error:
            from pyastro.runtime.tracebacks import rewrite  # only now: most programs never need it

            rewrite(error)
            raise
        finally:
            if astro is not None or context.holes is not None:
                context.renders -= 1
                context.end_holes()

    def _prepare(self, context: Context) -> None:
        """Tells the context what it must know before anything is rendered."""

    def _whole(self, html: str, context: Context) -> R:
        """What a call gives, where the compiled function wrote `html`."""
        return as_markup(html)  # type: ignore[return-value]  # R is Markup, or a union with it

    def arranged(self, slots: Slots) -> tuple[Any, ...]:
        """Slots as the compiled function takes them: each for itself in the order of its parameters, or all as they are
        where it may ask for any.
        """
        if self._takes_mapping:
            return (slots,)
        return tuple(map(slots.get, self._slots)) if slots and self._slots else ()

    async def around(self, write: Write, context: Context, /, *args: P.args, **props: P.kwargs) -> None:
        """Like `into`, around content or markup that waits: of that nothing is left open."""
        out: list[str] = []
        contents: Any = args if self.waits else [_plain(each, context) for each in args]
        waiting: Any = self.into(out.append, context, *contents, **props)
        if waiting is not None:
            await waiting
        await fill("".join(out), context, write)

    def _bound(self, props: dict[str, Any]) -> dict[str, Any]:
        """The props of a call from Python as keyword arguments. Which names fit is worked out once."""
        names = tuple(props)
        bound = self.bind(_python_spelling(props))
        if names == tuple(bound) and len(self._fitting) < _MOST_FITTING:
            self._fitting.add(names)
        return bound

    def accepts(self, name: str) -> bool:
        """May a prop of this name be passed?"""
        return self.takes_any or self._field(name) is not None

    def bind(self, props: Mapping[str, Any]) -> dict[str, Any]:
        """Props, named as in a tag, as keyword arguments. Raises PropError where they do not fit."""
        bound: dict[str, Any] = {}
        for name, value in props.items():
            field = self._field(name)
            if field is None and not self.takes_any:
                raise PropError(self._unknown(name))
            if field in bound:
                raise PropError(f"<{self.name}> is given the prop {name!r} in two spellings")
            bound[field or name] = value.value if field is not None and value.__class__ is FromData else value
        for name in self._required:
            if name not in bound:
                raise PropError(f"<{self.name}> needs the prop {_attribute_name(name)!r}")
        if self._wants_spelling:
            bound |= self._spelling(props)
        return bound

    def _spelling(self, props: Mapping[str, Any]) -> dict[str, Any]:
        """What says how props are spelt, where HTML spells them otherwise."""
        fields = {name: _attribute_name(field) for name in props if (field := self._field(name))}
        own = {field: name for name, field in fields.items() if name != as_attribute(field)}
        return {_SPELLING: own} if own else {}

    def _field(self, attribute: str) -> str | None:
        name = attribute.replace("-", "_")
        return self._fields.get(name) or (name if name in self._names else None)

    def _unknown(self, name: str) -> str:
        close = closest(name, self._fields)
        return f"<{self.name}> has no prop {name!r}" + (f"; did you mean {close!r}?" if close else "")

    def __repr__(self) -> str:
        return f"<component {self.__module__}>"


def _plain(contents: Any, context: Context) -> Any:
    """What a component is given for a slot, or for all of them, where it does not wait."""
    if isinstance(contents, Mapping):
        return plain_slots(contents, context)
    return contents and plain_slot(contents, context)


def _returning(body: Any, waits: bool) -> Any:
    """A body of which the frontmatter returns: what it returns ends the whole render."""

    def finish(result: object) -> None:
        from pyastro.runtime.response import Response

        if isinstance(result, Response):
            raise EarlyReturn(result)
        if result is not None:
            name = body.__module__.rpartition(".")[2]
            raise TypeError(
                f"<{name}> returned {type(result).__name__}; a component returns a Response, or nothing"
            )

    def into(*args: Any, **props: Any) -> None:
        finish(body(*args, **props))

    async def into_waiting(*args: Any, **props: Any) -> None:
        finish(await body(*args, **props))

    return into_waiting if waits else into


@overload
def component(body: Body[P, A], /) -> Component[P, Markup, A]: ...
@overload
def component(*, slots: tuple[str, ...] = ...) -> Callable[[Body[P, A]], Component[P, Markup, A]]: ...
@overload
def component(
    *, slots: tuple[str, ...] | None = None, returns: bool
) -> Callable[[Body[P, A]], Component[P, Markup | Response, A]]: ...
def component(body: Any = None, /, *, slots: tuple[str, ...] | None = None, returns: bool = False) -> Any:
    """Make a component of a compiled function.

    `slots` names its slots, in the order of the parameters behind `context`; without them, a third parameter receives
    all slots by name. `returns`: may its frontmatter return before the template?
    """
    return Component(body) if body is not None else lambda body: Component(body, returns, slots)


def _attribute_name(field: str) -> str:
    """The attribute that a field receives: `class_` receives `class`."""
    return field[:-1] if field.endswith("_") and len(field) > 1 else field


def _python_spelling(props: Mapping[str, Any]) -> dict[str, Any]:
    """Keyword arguments of a Python call as attributes: `class_` is `class`, `data_id` and `aria_label` have dashes."""
    attributes = {as_attribute(name): value for name, value in props.items() if value is not DEFAULT}
    if len(attributes) < sum(value is not DEFAULT for value in props.values()):
        twice = next(n for n in props if n != as_attribute(n) and as_attribute(n) in props)
        raise PropError(f"the prop {as_attribute(twice)!r} is given in two spellings")
    return attributes
