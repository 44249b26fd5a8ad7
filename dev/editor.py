"""Opening a file of the site in the author's editor, on the word of nobody but the author's own browser."""

import os
import shlex
import shutil
import subprocess
import threading
from collections.abc import Mapping
from hmac import compare_digest
from pathlib import Path

from pyastro.runtime.errors import BadRequest
from pyastro.runtime.request import Request
from pyastro.runtime.response import Response

_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_IN_TERMINAL = ("vi", "vim", "nvim", "nano", "emacs", "hx", "helix", "kak", "micro", "joe", "ed")
_LIKE_CODE = ("code", "code-insiders", "codium", "cursor", "windsurf", "positron")
_LIKE_IDEA = ("pycharm", "idea", "webstorm", "charm")
_PLUS = ("gvim", "mvim", "emacsclient", "gedit", "mate", "kate")


class Editor:
    """The endpoint behind a click on a place in an error page.

    It starts a program, so it takes nothing on trust: the connection comes from this machine, `Host` names this machine
    (a name that an attacker lets point here does not), `Origin` is the server itself, and the token stands in error pages
    only, which no other site can read. What is opened is a file below the source root.
    """

    def __init__(self, root: Path, token: str, environment: Mapping[str, str] = os.environ) -> None:
        self.token = token
        self._root = root.resolve()
        self._environment = environment

    async def respond(self, request: Request) -> Response:
        """Open the place that a request names; 403 for one that may not, 4xx for one that cannot."""
        if request.method != "POST":
            return Response("Expected POST.\n", 405, headers={"allow": "POST"})
        if not self._is_allowed(request):
            return Response("Only the error pages of this server, on this machine, may open files.\n", 403)
        try:
            file, line, column = self._place(await request.json())
        except BadRequest:
            return Response("Expected JSON.\n", 400)
        if file is None:
            return Response("This is no file of the site.\n", 404)
        command = self.command(file, line, column)
        if command is None:
            return Response(
                "Set PYASTRO_EDITOR to the command that opens your editor in a window of its own, for instance "
                "`code` or `subl`, and start the server again.\n",
                501,
            )
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True
        )
        threading.Thread(target=process.wait, daemon=True).start()  # so that it does not stay as a zombie
        return Response(None, 204)

    def command(self, file: Path, line: int, column: int) -> list[str] | None:
        """The command that opens a file at a place: that of PYASTRO_EDITOR or VISUAL, else `code`; None where there is none.

        `{file}`, `{line}` and `{column}` in it are filled in; else the place is written as the editor is known to want it.
        An editor that needs the terminal cannot have the server's.
        """
        for text in (
            self._environment.get("PYASTRO_EDITOR"),
            self._environment.get("VISUAL"),
            "code",
        ):
            words = shlex.split(text) if text else []
            program = shutil.which(words[0], path=self._environment.get("PATH")) if words else None
            if program and Path(words[0]).stem not in _IN_TERMINAL:
                return [program, *_arguments(Path(words[0]).stem, words[1:], file, line, column)]
        return None

    def _is_allowed(self, request: Request) -> bool:
        headers = request.headers
        host = headers.get("host") or ""
        name = host.rpartition(":")[0] if not host.endswith("]") and ":" in host else host
        return (
            request.client_address in _LOOPBACK
            and name.strip("[]").lower() in _LOOPBACK
            and headers.get("origin") == f"{request.url.scheme}://{host}"
            and compare_digest((headers.get("x-pyastro-token") or "").encode(), self.token.encode())
        )

    def _place(self, data: object) -> tuple[Path | None, int, int]:
        """The file that is meant, if it is one of the site's, and the place in it."""
        match data:
            case {"source": str(source), "line": int(line), "column": int(column)} if "\0" not in source:
                file = (self._root / source).resolve()
                hidden = any(part.startswith(".") for part in Path(source).parts)
                if file.is_relative_to(self._root) and file.is_file() and not hidden:
                    return file, max(1, line), max(1, column)
        return None, 1, 1


def _arguments(editor: str, given: list[str], file: Path, line: int, column: int) -> list[str]:
    if any("{file}" in word for word in given):
        filled = (word.replace("{line}", str(line)).replace("{column}", str(column)) for word in given)
        return [word.replace("{file}", str(file)) for word in filled]
    if editor in _LIKE_CODE:
        return [*given, "-g", f"{file}:{line}:{column}"]
    if editor in _LIKE_IDEA:
        return [*given, "--line", str(line), str(file)]
    if editor in _PLUS:
        return [*given, f"+{line}", str(file)]
    return [*given, f"{file}:{line}:{column}"]
