"""The part of a pack that a site is loaded from: the modules of its build, and a manifest that knows what was rendered."""

import json
import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from pyastro.adapters.adapter import Pack, Product
from pyastro.runtime.manifest import NAME

PUBLIC = "public"
"""The folder in it for the files that are sent as they are."""


def pack_site(product: Product, pack: Pack, folder: str = "") -> None:
    """Put the modules of the compiled build into a folder of the pack, where its public files lie already.

    "" is the pack itself.
    """
    prefix = f"{folder}/" if folder else ""
    public = pack.folder / prefix / PUBLIC
    for path in _modules(product.build):
        pack.copy(prefix + path, product.build / path)
    data = json.loads((product.build / NAME).read_bytes())
    for file in _files(public):
        content = (public / file).read_bytes()
        data["public"][file] = {"size": len(content), "hash": sha256(content).hexdigest()}
    data["prerendered"] = {
        path: {"file": each.file, **({"headers": dict(each.headers)} if each.headers else {})}
        for path, each in sorted(product.files.items())
    }
    data["public"] = dict(sorted(data["public"].items()))
    pack.write(prefix + NAME, (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode())


def _files(folder: Path) -> Iterator[str]:
    """All files below a folder."""
    return (path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if path.is_file())


def _modules(build: Path) -> Iterator[str]:
    """The files of a build but for the public ones, the manifest, and what the compiler remembers."""
    for place, folders, names in os.walk(build):
        here = Path(place).relative_to(build)
        folders[:] = sorted(n for n in folders if n != "__pycache__" and (here / n) != Path(PUBLIC))
        for name in sorted(names):
            path = (here / name).as_posix()
            if path != NAME and not name.startswith("."):
                yield path
