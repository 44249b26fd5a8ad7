"""A pack for Cloudflare on this machine: the worker under workerd, which is Cloudflare's own, and the network's files before it.

workerd brings no Python. It takes Pyodide as a bundle of modules, which is made here of the npm package; Cloudflare's own
bundles are not to be had from an index.
"""

import json
import os
import re
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

from pyastro.adapters.adapter import PreviewUnavailable
from pyastro.adapters.cloudflare import COMPATIBILITY_FLAGS, ENTRY, MODULES
from pyastro.adapters.front import Asked, PublicFolder, files_first, serve_files, serve_front
from pyastro.adapters.modules_bundle import Module, bundle
from pyastro.adapters.programs import end_process, find_package, free_port
from pyastro.adapters.pyodide import PYODIDE
from pyastro.runtime.environment_file import parse_environment

_START_SECONDS = 120.0
_DEVELOPMENT = "python_workers_development"
"""What makes workerd take the bundle called `dev`."""

# What a worker may not do, or not before a request, is done by functions of workerd's.
_WRAPPED = {
    "new WebAssembly.Module(": "newWasmModule(",
    "WebAssembly.instantiate(": "wasmInstantiate(",
    "Date.now": "monotonicDateNow",
    "crypto.getRandomValues(": "getRandomValues(Module, ",
    "export default _createPyodideModule": "export { _createPyodideModule }",
}
_WRAPPERS = (
    "import { addEventListener, getRandomValues, location, monotonicDateNow, newWasmModule, wasmInstantiate } "
    'from "pyodide-internal:builtin_wrappers";\n'
)


def preview(folder: Path, host: str, port: int, on_listening: Callable[[str], None]) -> int:
    """Serve a pack until a signal comes. Raises PreviewUnavailable where workerd or Pyodide is missing."""
    files = PublicFolder.with_rules(folder / "public")
    if not (folder / ENTRY).is_file():
        return serve_files(files, host, port, on_listening)
    with tempfile.TemporaryDirectory() as place, running_worker(folder, Path(place)) as worker_port:
        return serve_front(files_first(files, worker_port, _network_fields), host, port, on_listening)


def _network_fields(asked: Asked) -> Sequence[tuple[str, str]]:
    """What the network tells the worker of a request."""
    return [("cf-connecting-ip", asked.client)]


@contextmanager
def running_worker(folder: Path, place: Path) -> Iterator[int]:
    """The worker as a process; the port at which it answers on this machine. `place` is for what workerd needs."""
    program = _workerd(folder)
    kept = place / "pyodide_dev.capnp.bin"
    if not kept.exists():
        pyodide_bundle(find_package("pyodide", folder), kept)
    port = free_port()
    config = place / "worker.capnp"
    config.write_text(worker_config(folder, port), "utf-8")
    options = [f"--pyodide-{kind}-disk-cache-dir={place}" for kind in ("bundle", "package")]
    command = [str(program), "serve", str(config), "--experimental", "--import-path=/", *options]
    process = subprocess.Popen(command, cwd=folder)
    try:
        _wait(process, port)
        yield port
    finally:
        end_process(process)


def _workerd(folder: Path) -> Path:
    """The program itself, which npm has in a package for each system; what is called `workerd` only calls it."""
    packages = find_package("workerd", folder).parent / "@cloudflare"
    found = next((path for path in packages.glob("workerd-*/bin/workerd*") if path.is_file()), None)
    if found is None:
        raise PreviewUnavailable(
            "workerd is not installed for this system.", "Install it: `npm install workerd`."
        )
    return found


def pyodide_bundle(package: Path, target: Path) -> None:
    """Write the bundle of Pyodide for workerd. Raises PreviewUnavailable for another version than workerd knows."""
    version = json.loads((package / "package.json").read_bytes())["version"]
    if version != PYODIDE:
        raise PreviewUnavailable(
            f"workerd takes Pyodide {PYODIDE}, and {version} is installed.",
            f"`npm install pyodide@{PYODIDE}`",
        )
    script = (package / "pyodide.asm.mjs").read_text("utf-8")
    for own, wrapped in _WRAPPED.items():
        script = script.replace(own, wrapped)
    prefix = "pyodideRuntime-internal:"
    modules = [
        Module(f"{prefix}pyodide.asm", "script", (_WRAPPERS + script).encode()),
        Module(f"{prefix}pyodide.asm.wasm", "wasm", (package / "pyodide.asm.wasm").read_bytes()),
        Module(f"{prefix}python_stdlib.zip", "data", (package / "python_stdlib.zip").read_bytes()),
    ]
    target.write_bytes(bundle(modules))


def worker_config(folder: Path, port: int) -> str:
    """The configuration of workerd, with what wrangler would upload, and the variables of this environment."""
    date = json.loads((folder / "wrangler.jsonc").read_bytes())["compatibility_date"]
    flags = ", ".join(map(_text, (*COMPATIBILITY_FLAGS, _DEVELOPMENT)))
    modules = ",\n    ".join(_module(folder, path) for path in _uploaded(folder))
    bindings = ", ".join(f"(name = {_text(name)}, text = {_text(value)})" for name, value in _variables())
    return f"""\
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "worker", worker = .worker),
    # here, other than at Cloudflare, `fetch` may ask this machine
    (name = "internet", network = (allow = ["public", "private"], tlsOptions = (trustBrowserCas = true))),
  ],
  sockets = [(name = "http", address = "127.0.0.1:{port}", http = (), service = "worker")],
);

const worker :Workerd.Worker = (
  modules = [
    {modules}
  ],
  bindings = [{bindings}],
  compatibilityDate = {_text(date)},
  compatibilityFlags = [{flags}],
);
"""


def _uploaded(folder: Path) -> Iterator[Path]:
    """The entry first, then all other modules."""
    yield folder / ENTRY
    for path in sorted((folder / MODULES).rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path


def _module(folder: Path, path: Path) -> str:
    name = path.name if path == folder / ENTRY else path.relative_to(folder).as_posix()
    kind = "pythonModule" if path.suffix == ".py" else "data"
    return f"(name = {_text(name)}, {kind} = embed {_text(str(path))})"


def _variables() -> list[tuple[str, str]]:
    """Our own, and those that a developer has given to the site."""
    file = Path(".env")
    given = parse_environment(file.read_text("utf-8-sig")) if file.is_file() else {}
    names = sorted(name for name in os.environ if name.startswith("PYASTRO_") or name in given)
    return [(name, os.environ[name]) for name in names]


def _text(value: str) -> str:
    """A text of Cap'n Proto's, whose escapes are those of C."""
    plain = re.sub(r'[\\"]', r"\\\g<0>", value)
    return (
        '"'
        + "".join(c if c.isprintable() else "".join(f"\\x{b:02x}" for b in c.encode()) for c in plain)
        + '"'
    )


def _wait(process: "subprocess.Popen[bytes]", port: int) -> None:
    """Wait for the first answer: workerd listens at once, and starts Python when it is asked for something."""
    end = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < end:
        connection = HTTPConnection("127.0.0.1", port, timeout=_START_SECONDS)
        try:
            connection.request("HEAD", "/")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.05)
        else:
            return
        finally:
            connection.close()
    raise PreviewUnavailable("The worker did not start.", "Its log is above.")
