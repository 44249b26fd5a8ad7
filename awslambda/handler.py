"""The handler: an event in, a result out, one after the other."""

import asyncio
import logging
import random
from collections.abc import Mapping
from os import environ
from pathlib import Path
from typing import Any, Protocol

from pyastro.awslambda.events import Event, Head, head_of, to_request
from pyastro.awslambda.results import LARGEST, is_too_large, to_result
from pyastro.runtime.errors import RequestError
from pyastro.runtime.incoming import Trust, allowed_hosts, is_forwarding_trusted
from pyastro.runtime.lifecycle import Lifecycle
from pyastro.runtime.limits import DEFAULT_LIMITS, Limits
from pyastro.runtime.outgoing import add_request_id
from pyastro.runtime.response import Response
from pyastro.runtime.site import Site
from pyastro.runtime.tracebacks import rewrite

log = logging.getLogger("pyastro.awslambda")

_RESERVE = 0.5
"""Seconds before the function's timeout in which the failure is still told."""


class Remaining(Protocol):
    """What of Lambda's context is used."""

    def get_remaining_time_in_millis(self) -> int:
        """The time that is left until the function is ended."""


class Handler:
    """A site as a handler. It is started when the handler is made, which Lambda counts as the start of the function."""

    def __init__(
        self,
        build: str | Path | Site,
        *,
        trust_forwarded: bool | None = None,
        limits: Limits = DEFAULT_LIMITS,
        **options: Any,
    ) -> None:
        """Make a handler of a build's folder, or of a site that was loaded already.

        `trust_forwarded` believes `X-Forwarded-Host` and `-For`, for a function behind a network that sets them and
        that nobody gets around; by default `PYASTRO_TRUST_FORWARDED=1` says so. `options` are those of `Site.load`;
        `PYASTRO_ALLOWED_HOSTS` lists more names, with commas between them. Whatever the site's start raises passes
        through.
        """
        if trust_forwarded is None:
            trust_forwarded = is_forwarding_trusted(environ)
        self.site = build if isinstance(build, Site) else Site.load(build, **_with_hosts(options))
        self._trust = Trust(self.site.hosts, trust_forwarded, limits)
        self._runner = asyncio.Runner()
        self._lifecycle = Lifecycle(self.site)
        self._runner.run(self._lifecycle.start())
        _draw_anew_after_snapshots()

    def __call__(self, event: Event, context: Remaining | None = None) -> dict[str, Any]:
        """The result for an event. Raises NotHTTP for one of another service."""
        return self._runner.run(self._answer(event, context))

    def close(self) -> None:
        """Stops the site. Lambda tells nobody when it ends a function, so this is for tests."""
        self._runner.run(self._lifecycle.stop())
        self._runner.close()

    async def _answer(self, event: Event, context: Remaining | None) -> dict[str, Any]:
        head = head_of(event)
        name = f"{head.method} {head.target.partition('?')[0]!r}"
        left = None if context is None else max(context.get_remaining_time_in_millis() / 1000 - _RESERVE, 0.1)
        try:
            async with asyncio.timeout(left):
                response, body = await self._respond(event, head)
        except TimeoutError:
            log.error("%s took longer than the function may", name)
            response, body = await _whole(self.site.refusal(504))
        except RequestError as error:
            log.debug("%s: %s", name, error)
            response, body = await _whole(self.site.refusal(error.status))
        except Exception as error:
            log.error("%s broke while its response was made", name, exc_info=rewrite(error))
            response, body = await _whole(self.site.refusal(500))
        result = to_result(event, response, body)
        if is_too_large(result):
            log.error("The response to %s has %d bytes, and Lambda carries %d", name, len(body), LARGEST)
            result = to_result(event, *await _whole(self.site.refusal(500)))
        return result

    async def _respond(self, event: Event, head: Head) -> tuple[Response, bytes]:
        request = to_request(event, head, self._trust)
        response = await self.site.handle(request)
        add_request_id(response, request.id)
        try:
            return await _whole(response)
        finally:
            request.close()


async def _whole(response: Response) -> tuple[Response, bytes]:
    return response, await response.bytes()


def _with_hosts(options: Mapping[str, Any]) -> dict[str, Any]:
    return {**options, "allowed_hosts": [*options.get("allowed_hosts", ()), *allowed_hosts(environ)]}


def _draw_anew_after_snapshots() -> None:
    """With SnapStart many functions begin as copies of one, and would draw the same random numbers."""
    try:
        from snapshot_restore_py import register_after_restore
    except ImportError:
        return
    register_after_restore(random.seed)
