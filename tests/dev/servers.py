"""`pyastro dev` as a process: started, listened to, ended."""

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

SITE = {
    "pages/index.astro": "---\nfrom ..components import Card\nfrom ..lib.words import WORD\n---\n"
    '<html><head><title>Home</title><link rel="stylesheet" href="/site.css"></head><body>\n'
    '<h1>Home {WORD}</h1>\n<input id="field">\n<details><summary>more</summary>text</details>\n'
    '<Card title="one" />\n<div style="height: 3000px"></div>\n</body></html>\n',
    "pages/visits.astro": "---\ncount = (await Astro.session.get('count') or 0) + 1\n"
    "await Astro.session.set('count', count)\n---\n<html><body><p>visit {count}</p></body></html>\n",
    "pages/data.py": "from pyastro.runtime import Response\n\ndef GET(context):\n    return Response('data 1')\n",
    "components/Card.astro": "---\nclass Props:\n    title: str\n---\n<article><h2>{title}</h2></article>\n"
    "<style>h2 { color: rgb(1, 2, 3) }</style>\n<script>document.title += ' 1'</script>\n",
    "lib/words.py": "WORD = 'first'\n",
    "middleware.py": "async def on_request(context, next):\n    response = await next()\n"
    "    response.headers['x-from'] = 'middleware 1'\n    return response\n",
    "public/site.css": "h1 { color: rgb(4, 5, 6) }\n",
    "pyproject.toml": "[tool.pyastro]\n",
}


def write_site(root: Path, files: Mapping[str, str] = SITE) -> Path:
    """A site of these files; its root."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


class DevServer:
    """A running server, and what it has said."""

    def __init__(self, root: Path, process: "subprocess.Popen[str]") -> None:
        self.root = root
        self.process = process
        self.said: list[str] = []
        self._heard = threading.Condition()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        self.url = self.hears(r"http://\S+").rstrip("/")

    def hears(self, pattern: str, seconds: float = 15) -> str:
        """Wait until something of this kind was said; what was."""
        end = time.monotonic() + seconds
        with self._heard:
            while (found := re.search(pattern, "".join(self.said))) is None:
                left = end - time.monotonic()
                assert left > 0 and self._heard.wait(left), f"no {pattern!r} in:\n{''.join(self.said)}"
        return found.group()

    def forget(self) -> None:
        """Count only what is said from now on."""
        with self._heard:
            self.said.clear()

    def edit(self, name: str, before: str, after: str) -> None:
        """Write a file with something replaced."""
        text = (self.root / name).read_text()
        assert before in text
        (self.root / name).write_text(text.replace(before, after))

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        """The status and the text of an answer."""
        request = Request(self.url + path, headers={"accept": "text/html", **headers})
        try:
            with urlopen(request, timeout=10) as response:
                return response.status, response.read().decode()
        except HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def shows(self, path: str, text: str, seconds: float = 10) -> None:
        """Wait until an answer holds a text."""
        end = time.monotonic() + seconds
        while text not in (shown := self.get(path)[1]):
            assert time.monotonic() < end, shown
            time.sleep(0.03)

    def close(self) -> int:
        """End the server as Ctrl+C does, and give its status."""
        self.process.terminate()
        status = self.process.wait(10)
        self._reader.join(5)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return status

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self._heard:
                self.said.append(line)
                self._heard.notify_all()


@contextmanager
def dev_server(root: Path, *arguments: str, **environment: str) -> Iterator[DevServer]:
    """A server for a site, on a free port."""
    process = subprocess.Popen(
        [sys.executable, "-m", "pyastro.cli", "dev", "--port", "0", *arguments],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1", **environment},
    )
    try:
        server = DevServer(root, process)
    except BaseException:
        process.kill()
        process.wait(10)
        raise
    try:
        yield server
    finally:
        if process.poll() is None:
            server.close()
