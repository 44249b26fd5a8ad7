"""What packs a build for its host: the protocol, and the adapters that need no other package."""

from pyastro.adapters.adapter import Adapter, Capabilities, Pack, Problem, Product
from pyastro.adapters.registry import AdapterError, find_adapter

__all__ = ["Adapter", "AdapterError", "Capabilities", "Pack", "Problem", "Product", "find_adapter"]
