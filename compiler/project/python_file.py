"""A local `.py` file: its text, decoded as Python does, and its syntax tree. It is read, never executed."""

import ast
import io
import re
import tokenize
import warnings
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from pyastro.compiler.analyze.scope import bound_names
from pyastro.compiler.diagnostics import CompileError
from pyastro.compiler.import_statements import ImportedName, find_imports
from pyastro.compiler.project import messages

_NEWLINE = re.compile(rb"\r\n|\r|\n")


@dataclass(frozen=True)
class PythonFile:
    """One Python source. `path` is relative to the source root."""

    path: str
    data: bytes = field(repr=False)
    text: str = field(repr=False)
    encoding: str
    """How the text was decoded, and how it is encoded again; `utf-8-sig` keeps a byte order mark."""
    tree: ast.Module = field(repr=False, compare=False)

    @classmethod
    def read(cls, root: Path, path: str) -> "PythonFile":
        """The file `path` below `root`; raises `CompileError` where Python could not read it."""
        try:
            data = (root / path).read_bytes()
        except OSError as error:
            raise CompileError([messages.unreadable_source(path, error.strerror or str(error))]) from None
        text, encoding = _decode(path, data)
        return cls(path, data, text, encoding, parse_python(path, text))

    @classmethod
    def of_text(cls, path: str, text: str) -> "PythonFile":
        """A file that is not there, with this text."""
        return cls(path, text.encode(), text, "utf-8", parse_python(path, text))

    @cached_property
    def hash(self) -> str:
        """The SHA-256 of the file's bytes."""
        return sha256(self.data).hexdigest()

    @cached_property
    def imports(self) -> tuple[ImportedName, ...]:
        """Every name that it imports."""
        return find_imports([self.tree])

    @cached_property
    def names(self) -> frozenset[str] | None:
        """The names that the module binds when it is imported; None where its text does not tell all of them."""
        names = bound_in(self.tree)
        return None if names & {"*", "__getattr__"} or _may_bind_later(self.tree) else frozenset(names)

    def encode(self, text: str) -> bytes:
        """Another text in this file's encoding."""
        return text.encode(self.encoding)


def _decode(path: str, data: bytes) -> tuple[str, str]:
    """The text of a file by its byte order mark and its encoding declaration (PEP 263), and the encoding."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        return data.decode(encoding), encoding
    except SyntaxError as error:
        raise CompileError([messages.python_syntax(path, 1, 1, error.msg)]) from None
    except UnicodeDecodeError as error:
        line = len(_NEWLINE.findall(data, 0, error.start)) + 1
        sentence = f"({error.encoding}) byte 0x{data[error.start]:02x} cannot be decoded"
        raise CompileError([messages.python_syntax(path, line, 1, sentence)]) from None


def parse_python(path: str, text: str) -> ast.Module:
    """The syntax tree of a file; raises `CompileError` with Python's own message, at its place."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what Python warns of, it says when the file runs
            return ast.parse(text)
    except SyntaxError as error:
        place = error.lineno or 1, max(error.offset or 1, 1)
        raise CompileError([messages.python_syntax(path, *place, error.msg)]) from None
    except (RecursionError, MemoryError):
        raise CompileError([messages.too_complex(path)]) from None
    except ValueError as error:  # a NUL character, before 3.12
        raise CompileError([messages.python_syntax(path, 1, 1, str(error))]) from None


def _may_bind_later(tree: ast.Module) -> bool:
    """May a module bind names that its top level does not show?"""
    return any(
        isinstance(node, ast.Global) or (isinstance(node, ast.Name) and node.id in _BINDERS)
        for node in ast.walk(tree)
    )


_BINDERS = frozenset({"exec", "globals", "locals", "vars", "setattr", "sys", "builtins"})


def bound_in(tree: ast.Module) -> set[str]:
    """The names that a module binds at its top level; `*` among them where it imports names that are not written out."""
    return bound_names(tree.body)
