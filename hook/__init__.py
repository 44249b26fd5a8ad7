"""Importing `.astro` files as Python imports its own: `import pyastro.hook`, and `from components import Card` works.

    import pyastro.hook
    from components import Card

    html = await Card.render(title="Hello")

A file is compiled when it is first imported, with the site that it belongs to; what was compiled is kept in `.pyastro/hook`
beside the pages. The code that runs says that it is the `.astro` file's, line by line: so tracebacks, breakpoints and
coverage are the author's. `importlib.reload` compiles again what has changed.

For pytest, `-p pyastro.hook` is enough; for coverage, the plug-in `pyastro.hook.coverage`.

PYTEST_DONT_REWRITE: nothing is asserted here, and coverage imports this before pytest does, which would warn of it.
"""

from pyastro.hook.finder import ComponentFinder, install

__all__ = ["ComponentFinder", "install"]

install()
