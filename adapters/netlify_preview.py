"""A pack for Netlify on this machine: the function as Netlify's own bundler leaves it, and the network's files before it."""

import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pyastro.adapters.adapter import PreviewUnavailable
from pyastro.adapters.front import Asked, PublicFolder, files_first, serve_files, serve_front
from pyastro.adapters.netlify import FUNCTION
from pyastro.adapters.programs import answers, end_process, find_package, find_program, free_port
from pyastro.adapters.pyodide import SNAPSHOT

BUNDLER = "@netlify/zip-it-and-ship-it"

_HERE = Path(__file__).parent
_ENTRY = "___netlify-entry-point.mjs"
_START_SECONDS = 60.0


def preview(folder: Path, host: str, port: int, on_listening: Callable[[str], None]) -> int:
    """Serve a pack until a signal comes. Raises PreviewUnavailable where Node or the bundler is missing."""
    files = PublicFolder.with_rules(folder / "public")
    if not (folder / FUNCTION).is_dir():
        return serve_files(files, host, port, on_listening)
    node = find_program("node", folder, "Install it: nodejs.org says how.")
    if not (folder / FUNCTION / SNAPSHOT).exists():
        subprocess.run([node, f"{FUNCTION}/snapshot.mjs"], cwd=folder, check=False)  # else it takes longer
    with (
        tempfile.TemporaryDirectory() as place,
        running_function(node, bundled(node, folder, Path(place))) as function_port,
    ):
        return serve_front(files_first(files, function_port, _network_fields), host, port, on_listening)


def _network_fields(asked: Asked) -> Sequence[tuple[str, str]]:
    """What the network tells the function of a request."""
    return [("x-nf-client-connection-ip", asked.client)]


@contextmanager
def running_function(node: str, entry: Path) -> Iterator[int]:
    """The function as a process; the port at which it answers on this machine. `entry` is what `bundled` gives."""
    port = free_port()
    process = subprocess.Popen(
        [node, str(_HERE / "netlify_runtime.mjs"), str(entry), str(port)], cwd=entry.parent
    )
    try:
        if not answers(process, "127.0.0.1", port, _START_SECONDS):
            raise PreviewUnavailable("The function did not start.", "Its log is above.")
        yield port
    finally:
        end_process(process)


def bundled(node: str, folder: Path, place: Path) -> Path:
    """The entry of the function, which the bundler has put into a place with all that it needs.

    Raises PreviewUnavailable where the bundler is not installed, or refuses the function.
    """
    bundler = find_package(BUNDLER, folder) / "dist/main.js"
    command = [node, str(_HERE / "netlify_bundle.mjs"), str(bundler), str(folder), str(place)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    entry = place / "site" / _ENTRY
    if done.returncode != 0 or not entry.is_file():
        raise PreviewUnavailable(f"The bundler failed: {done.stdout.strip()}", "See docs/deploy.md.")
    return entry
