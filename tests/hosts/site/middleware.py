from pathlib import Path
from typing import Any

events: list[str] = []


async def on_startup(site: Any) -> None:
    events.append("started")


async def on_shutdown(site: Any) -> None:
    Path("stopped").touch()
