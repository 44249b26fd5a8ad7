"""The adapter that a compiled site names, and what it has against the site."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pyastro.cli.terminal import Failure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyastro.adapters import Adapter, Problem
    from pyastro.runtime.manifest import Manifest


@dataclass(frozen=True, slots=True)
class SiteAdapter:
    """An adapter, and a site that was compiled for it."""

    adapter: "Adapter"
    problems: "Sequence[Problem]"
    runs_code: bool
    """Will the host run code of the site?"""


def site_adapter(build: Path, manifest: "Manifest") -> SiteAdapter:
    """That of a compiled build; files alone, or a server, where it names none. Raises Failure for one that there is not."""
    from pyastro.adapters import AdapterError, Compiled, find_adapter, problems_of
    from pyastro.prerender import is_ahead

    config = manifest.config
    try:
        adapter = find_adapter(config.adapter or config.output)
    except AdapterError as error:
        raise Failure(f"{error}.", "Name one of them in the configuration.", status=1) from None
    on_demand = [r for r in manifest.routes if r.kind != "redirect" and not is_ahead(r, config)]
    can = adapter.capabilities
    runs_code = can.renders_on_demand and bool(on_demand or not can.sends_files_alone)
    return SiteAdapter(adapter, problems_of(adapter, Compiled(build, manifest, on_demand)), runs_code)
