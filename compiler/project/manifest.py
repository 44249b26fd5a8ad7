"""manifest.json: what the build tells the site that serves it."""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from pyastro.compiler.project.config import Config
from pyastro.compiler.project.environment_settings import MODULE as ENVIRONMENT_MODULE
from pyastro.compiler.project.routes import Route

VERSION = 1


class PublicFile(NamedTuple):
    """A static file: its size, and the SHA-256 of its bytes."""

    size: int
    hash: str

    @classmethod
    def of(cls, file: Path) -> "PublicFile":
        """What is said of a file. Raises OSError."""
        digest, size = sha256(), 0
        with file.open("rb") as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
                size += len(block)
        return cls(size, digest.hexdigest())


class Manifest(NamedTuple):
    """A build's table of contents."""

    routes: Sequence[Route]
    """In order of priority: the first that matches wins."""
    modules: Mapping[str, str]
    """The module of each source."""
    prerender: Mapping[str, bool]
    """Whether its route is rendered ahead, of each source that says so."""
    middleware: str | None
    public: Mapping[str, PublicFile]
    sources: Mapping[str, str]
    """The SHA-256 of each source's bytes."""
    config: Config = Config()
    needs_secret: bool = False
    """Does the code sign cookies?"""

    def to_bytes(self) -> bytes:
        """The file's bytes: the same manifest gives the same bytes. Each route and each file has a line of its own."""
        data: dict[str, object] = {
            "version": VERSION,
            "routes": [self._route(route) for route in self.routes],
            "errors": {str(r.error): self.modules[r.source] for r in self.routes if r.error is not None},
            "middleware": self.middleware and self.modules[self.middleware],
            "public": {path: {"size": f.size, "hash": f.hash} for path, f in sorted(self.public.items())},
            "sources": dict(sorted(self.sources.items())),
            "config": {
                "site": self.config.site,
                "base": self.config.base,
                "trailing_slash": self.config.trailing_slash,
                **({"session": self.config.session} if self.config.session else {}),
                **({"i18n": self.config.i18n} if self.config.i18n else {}),
                **({"security": self.config.security} if self.config.security else {}),
                **self.config.build_settings,
            },
        }
        if self.config.env:
            data["environment"] = ENVIRONMENT_MODULE
        if self.needs_secret:
            data["needs_secret"] = True
        entries = ",\n".join(f"  {_json(key)}: {_lines(value)}" for key, value in data.items())
        return f"{{\n{entries}\n}}\n".encode()

    def _route(self, route: Route) -> dict[str, object]:
        segments = [[[part.kind, part.text] for part in segment] for segment in route.segments]
        data = {"pattern": route.pattern, "kind": route.kind, "source": route.source, "segments": segments}
        if route.redirect is not None:
            return {**data, "to": route.redirect.to, "status": route.redirect.status}
        prerender = self.prerender.get(route.source)
        return {**data, "module": self.modules[route.source], "prerender": prerender}


def _lines(value: object) -> str:
    """A list or an object with each of its entries on a line; anything else on one."""
    match value:
        case list() if value:
            return "[\n" + ",\n".join(f"    {_json(item)}" for item in value) + "\n  ]"
        case dict() if value:
            return (
                "{\n"
                + ",\n".join(f"    {_json(key)}: {_json(item)}" for key, item in value.items())
                + "\n  }"
            )
    return _json(value)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
