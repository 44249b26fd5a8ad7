"""`python -m pyastro.runtime.server.worker`: one of the processes that serve a site. Only the supervisor starts it."""

import json
import os
import signal
import socket
import sys
import threading
from pathlib import Path
from typing import Any

from pyastro.runtime.deadlines import Deadlines
from pyastro.runtime.limits import Limits
from pyastro.runtime.server.logs import set_up_logs
from pyastro.runtime.server.running import make_site, run
from pyastro.runtime.server.settings import Settings
from pyastro.runtime.startup_report import startup_report


def main(arguments: list[str]) -> int:
    """Serves the build, with the settings and the descriptors that the arguments hold; 1 when it cannot start."""
    build, settings_text, descriptors_text = arguments
    settings = _settings(json.loads(settings_text))
    descriptors = json.loads(descriptors_text)
    sockets = [socket.socket(fileno=fd) for fd in descriptors["fds"]]
    _end_with_parent(descriptors["life"])
    set_up_logs(settings.access_log)

    def on_ready() -> None:
        os.write(descriptors["ready"], b"1")
        os.close(descriptors["ready"])

    try:
        run(make_site(Path(build), settings), sockets, settings, on_ready)
    except Exception as error:
        print(startup_report(error), end="", file=sys.stderr)
        return 1
    return 0


def _settings(data: dict[str, Any]) -> Settings:
    data["allowed_hosts"] = tuple(data["allowed_hosts"])
    return Settings(
        **{**data, "limits": Limits(**data["limits"]), "deadlines": Deadlines(**data["deadlines"])}
    )


def _end_with_parent(life: int) -> None:
    """Ends this process the way a signal would when the supervisor is gone: its end of the pipe closes then."""

    def watch() -> None:
        os.read(life, 1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
