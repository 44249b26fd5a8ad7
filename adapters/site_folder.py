"""The part of a pack that a site is loaded from: the modules of its build, and a manifest that knows what was rendered."""

import json
import os
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from pyastro.adapters.adapter import Pack, Product
from pyastro.runtime.manifest import NAME

PUBLIC = "public"
"""The folder in it for the files that are sent as they are."""


def pack_site(product: Product, pack: Pack, folder: str = "", *, sends_files: bool = True) -> None:
    """Put the modules of the compiled build into a folder of the pack, where its public files lie already.

    "" is the pack itself. `sends_files`: does the site itself send what is in its folder `public`? Else something in front of it does, and the
    site, which does not have the files, is not to know of them.
    """
    prefix = f"{folder}/" if folder else ""
    for path in _modules(product.build):
        pack.copy(prefix + path, product.build / path)
    data = json.loads((product.build / NAME).read_bytes())
    if sends_files:
        data["public"].update(_public(pack, f"{prefix}{PUBLIC}/"))
        data["public"] = dict(sorted(data["public"].items()))
        data["prerendered"] = dict(_prerendered(product))
    else:
        data["public"] = {}  # what a site does not list, it does not look for
    pack.write(prefix + NAME, (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode())


def pack_files(files: Mapping[str, Path | bytes], pack: Pack, folder: str) -> None:
    """Put files into a folder of the pack."""
    for path, content in files.items():
        target = f"{folder}/{path}" if folder else path
        if isinstance(content, Path):
            pack.copy(target, content)
        else:
            pack.write(target, content)


def _public(pack: Pack, prefix: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The entries of the manifest for the files that are sent as they are."""
    for path in pack.paths:
        if path.startswith(prefix):
            content = pack.read(path)
            entry = {"size": len(content), "hash": sha256(content).hexdigest()}
            yield path.removeprefix(prefix), entry


def _prerendered(product: Product) -> Iterator[tuple[str, dict[str, Any]]]:
    """The entries of the manifest for the paths that were rendered ahead."""
    for path, each in sorted(product.files.items()):
        yield path, {"file": each.file, **({"headers": dict(each.headers)} if each.headers else {})}


def _modules(build: Path) -> Iterator[str]:
    """The files of a build but for the public ones, the manifest, and what the compiler remembers."""
    for place, folders, names in os.walk(build):
        here = Path(place).relative_to(build)
        folders[:] = sorted(n for n in folders if n != "__pycache__" and (here / n) != Path(PUBLIC))
        for name in sorted(names):
            path = (here / name).as_posix()
            if path != NAME and not name.startswith("."):
                yield path
