"""`server`: a build that `pyastro serve` or any ASGI server runs, with the pages that were rendered ahead in it."""

import json
import os
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path

from pyastro.adapters.adapter import Capabilities, Compiled, Pack, Problem, Product
from pyastro.runtime.manifest import NAME, Manifest

_PUBLIC = "public"


class ServerAdapter:
    """A server of one's own: pages are rendered on demand unless they were rendered ahead."""

    name = "server"
    capabilities = Capabilities(renders_on_demand=True)
    public = _PUBLIC

    def check(self, compiled: Compiled) -> Sequence[Problem]:
        """Every site can be served."""
        return []

    def build(self, product: Product, pack: Pack) -> None:
        """The modules of the compiled build, and a manifest that knows the rendered files."""
        for path in _modules(product.build):
            pack.copy(path, product.build / path)
        data = json.loads((product.build / NAME).read_bytes())
        for file in _files(pack.folder / _PUBLIC):
            content = (pack.folder / _PUBLIC / file).read_bytes()
            data["public"][file] = {"size": len(content), "hash": sha256(content).hexdigest()}
        data["prerendered"] = {
            path: {"file": each.file, **({"headers": dict(each.headers)} if each.headers else {})}
            for path, each in sorted(product.files.items())
        }
        data["public"] = dict(sorted(data["public"].items()))
        pack.write(NAME, (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode())

    def preview(
        self, folder: Path, manifest: Manifest, host: str, port: int, on_listening: Callable[[str], None]
    ) -> int:
        """Serve the build."""
        from pyastro.runtime.server import serve

        return serve(folder, host=host, port=port, on_listening=on_listening)


def _files(folder: Path) -> Iterator[str]:
    """All files below a folder."""
    return (path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if path.is_file())


def _modules(build: Path) -> Iterator[str]:
    """The files of a build but for the public ones, the manifest, and what the compiler remembers."""
    for place, folders, names in os.walk(build):
        here = Path(place).relative_to(build)
        folders[:] = sorted(n for n in folders if n != "__pycache__" and (here / n) != Path(_PUBLIC))
        for name in sorted(names):
            path = (here / name).as_posix()
            if path != NAME and not name.startswith("."):
                yield path
