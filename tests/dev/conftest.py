from tests.dev.browsers import browser

__all__ = ["browser"]
