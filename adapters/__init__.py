"""What packs a build for its host: the protocol, and the adapters that need no other package."""

from pyastro.adapters.adapter import (
    Adapter,
    Capabilities,
    Compiled,
    Pack,
    PreviewUnavailable,
    Problem,
    Product,
)
from pyastro.adapters.checks import problems_of
from pyastro.adapters.registry import AdapterError, find_adapter

__all__ = [
    "Adapter",
    "AdapterError",
    "Capabilities",
    "Compiled",
    "Pack",
    "PreviewUnavailable",
    "Problem",
    "Product",
    "find_adapter",
    "problems_of",
]
