"""`Astro`: what a component sees of its caller, its request and itself."""

from __future__ import annotations

from collections.abc import Mapping
from keyword import iskeyword
from typing import TYPE_CHECKING, Any, TypeAlias

from pyastro.runtime.context import Context
from pyastro.runtime.slots import AstroSlots, Slots
from pyastro.runtime.suggest import closest
from pyastro.runtime.trusted import FromData, is_event_handler

if TYPE_CHECKING:
    from pyastro.runtime.cookies import Cookies
    from pyastro.runtime.params import Locals, Params
    from pyastro.runtime.request import Request
    from pyastro.runtime.response import Response, Rewrite
    from pyastro.runtime.response_init import ResponseInit
    from pyastro.runtime.sessions.session import Session
    from pyastro.runtime.url import URL

__all__ = ["DEFAULT", "Astro", "AstroProps", "Spelling", "as_attribute", "create_astro", "given"]


class _Default:
    """The type of DEFAULT."""

    def __repr__(self) -> str:
        return "DEFAULT"


DEFAULT: Any = _Default()
"""Stands in a signature for a default that is evaluated on each render."""


Spelling: TypeAlias = Mapping[str, str] | None
"""How a caller spells props: the attribute for each declared name, where it is not HTML's."""


class AstroProps(dict[str, Any]):
    """`Astro.props`: a mapping whose items can also be read as attributes. Its methods win over props of their name.

    It remembers which event handlers a template wrote. All others are data: what a spread brought, or what was put in
    later.
    """

    __slots__ = ("_written",)

    def __init__(self, props: Mapping[str, Any], /) -> None:
        super().__init__(props)
        self._written: dict[str, Any] = {}
        for name, value in props.items():
            if value.__class__ is FromData:
                self[name] = value.value
            elif is_event_handler(name):
                self._written[name] = value

    def is_written(self, name: str, value: object) -> bool:
        """Is this the event handler that a template wrote under this name?"""
        return name in self._written and self._written[name] is value

    def __getattr__(self, name: str) -> Any:
        """The prop `name`, or the attribute that Python spells so: `class_` is `class`, `aria_label` `aria-label`."""
        for spelling in (name, name.removesuffix("_"), name.replace("_", "-")):
            if spelling in self:
                return self[spelling]
        close = closest(name, self)
        hint = f"; did you mean {close!r}?" if close else f"; given: {', '.join(self) or 'none'}"
        raise AttributeError(f"there is no prop {name!r}{hint}")


class Astro:
    """One component's view: its props, attrs and slots, and all of its context.

    A program makes one to render a page: `Astro(request=Request("GET", "http://localhost/"))`. It takes what `Context`
    takes.
    """

    __slots__ = ("attrs", "context", "props", "self", "slots")

    def __init__(self, request: Request | None = None, **options: Any) -> None:
        self.context = Context(request, **options)
        """The state that all components of the page share."""
        self.props = AstroProps({})
        """What the caller gave, as the caller spelt it."""
        self.attrs = AstroProps({})
        """What the caller gave beyond the declared props, to spread: `{**Astro.attrs}`."""
        self.slots = AstroSlots({}, self.context)
        """The content that the caller gave."""
        self.self: Any = None
        """The component itself: `<Astro.self />` renders it once more."""

    @property
    def request(self) -> Request:
        """The request."""
        return self.context.request

    @property
    def url(self) -> URL:
        """The request's URL."""
        return self.context.url

    @property
    def params(self) -> Params:
        """The params of the route: `Astro.params.id`, `Astro.params["id"]`."""
        return self.context.params

    @property
    def cookies(self) -> Cookies:
        """The request's cookies, and those to set."""
        return self.context.cookies

    @property
    def session(self) -> Session:
        """The visitor's session."""
        return self.context.session

    @property
    def locals(self) -> Locals:
        """What middleware left for the page."""
        return self.context.locals

    @property
    def site(self) -> URL | None:
        """The site's own URL, where the configuration names one."""
        return self.context.site

    @property
    def response(self) -> ResponseInit:
        """The status and the headers of the page's response."""
        return self.context.response

    @property
    def client_address(self) -> str | None:
        """The client's address."""
        return self.context.client_address

    @property
    def route_pattern(self) -> str:
        """The pattern of the route that answers."""
        return self.context.route_pattern

    @property
    def current_locale(self) -> str | None:
        """The language of the request's URL, else the default."""
        return self.context.current_locale

    @property
    def preferred_locale(self) -> str | None:
        """The language of the site that the browser likes best."""
        return self.context.preferred_locale

    @property
    def preferred_locale_list(self) -> list[str]:
        """The languages of the site that the browser asks for, best first."""
        return self.context.preferred_locale_list

    @property
    def origin_pathname(self) -> str:
        """The path that was asked for, before any rewrite."""
        return self.context.origin_pathname

    @property
    def is_prerendered(self) -> bool:
        """Whether the page is rendered ahead of all requests."""
        return self.context.is_prerendered

    @property
    def nonce(self) -> str | None:
        """What an inline `<script>` or `<style>` says for the browser to run it: `nonce={Astro.nonce}`."""
        return self.context.nonce

    @property
    def generator(self) -> str:
        """What made the page."""
        return self.context.generator

    def redirect(self, path: str | URL, status: int = 302) -> Response:
        """A response that sends the browser elsewhere: `return Astro.redirect("/login")`."""
        return self.context.redirect(path, status)

    def rewrite(self, target: str | URL | Request) -> Rewrite:
        """A response in whose place another route answers: `return Astro.rewrite("/new")`."""
        return self.context.rewrite(target)


_NO_ATTRS: dict[str, Any] = {}


def create_astro(
    context: Context,
    component: Any,
    slots: Slots,
    props: Mapping[str, Any] = _NO_ATTRS,
    attrs: Mapping[str, Any] = _NO_ATTRS,
) -> Astro:
    """The `Astro` of one component's render."""
    astro = Astro.__new__(Astro)
    astro.context = context
    astro.props = AstroProps({**props, **attrs} if attrs else props)
    astro.attrs = AstroProps(attrs)
    astro.slots = AstroSlots(slots, context)
    astro.self = component
    return astro


def given(props: dict[str, Any], spelling: Spelling = None) -> dict[str, Any]:
    """The declared props that the caller gave: those that are not DEFAULT, as it spelt them, else as HTML does.

    Nobody knows any more who gave an event handler among them, a template or data, so it counts as data.
    """
    own = spelling or {}
    return {
        own.get(name) or as_attribute(name): FromData(value) if is_event_handler(name) else value
        for name, value in props.items()
        if value is not DEFAULT
    }


def as_attribute(name: str) -> str:
    """How HTML spells what Python calls `name`: `class_` is `class`, and `data_id` and `aria_label` have dashes."""
    if name.endswith("_") and iskeyword(name[:-1]):
        return name[:-1]
    return name.replace("_", "-") if name.startswith(("data_", "aria_")) else name
