"""From what is known of a component to the Python that renders it."""

from pyastro.compiler.transform.transform import Transformed, transform

__all__ = ["Transformed", "transform"]
