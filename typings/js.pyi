"""What a browser or a host of JavaScript has: known where it runs."""

from typing import Any

def __getattr__(name: str) -> Any: ...
