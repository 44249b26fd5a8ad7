"""`server`: a build that `pyastro serve` or any ASGI server runs, with the pages that were rendered ahead in it."""

from collections.abc import Callable, Sequence
from pathlib import Path

from pyastro.adapters.adapter import Capabilities, Compiled, Pack, Problem, Product
from pyastro.adapters.site_folder import PUBLIC, pack_site
from pyastro.runtime.manifest import Manifest


class ServerAdapter:
    """A server of one's own: pages are rendered on demand unless they were rendered ahead."""

    name = "server"
    capabilities = Capabilities(renders_on_demand=True)
    public = PUBLIC

    def check(self, compiled: Compiled) -> Sequence[Problem]:
        """Every site can be served."""
        return []

    def build(self, product: Product, pack: Pack) -> None:
        """The modules of the compiled build, and a manifest that knows the rendered files."""
        pack_site(product, pack)

    def preview(
        self, folder: Path, manifest: Manifest, host: str, port: int, on_listening: Callable[[str], None]
    ) -> int:
        """Serve the build."""
        from pyastro.runtime.server import serve

        return serve(folder, host=host, port=port, on_listening=on_listening)
