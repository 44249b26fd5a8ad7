"""Values of JavaScript in Python, and the other way round."""

from typing import Any

def __getattr__(name: str) -> Any: ...
