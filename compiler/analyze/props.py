"""The fields of `class Props`."""

import ast
from collections.abc import Callable
from dataclasses import dataclass

from pyastro.compiler import messages
from pyastro.compiler.diagnostics import Problem


@dataclass(frozen=True, slots=True)
class Field:
    """One prop. `name` is the Python name; `attribute` the name in a tag, in which `_` also matches `-`."""

    name: str
    annotation: ast.expr
    default: ast.expr | None

    @property
    def is_required(self) -> bool:
        """Must every caller give it?"""
        return self.default is None

    @property
    def has_constant_default(self) -> bool:
        """May the default stand in a signature, because it can never change?"""
        return self.default is not None and _is_constant(self.default)

    @property
    def attribute(self) -> str:
        """The name by which a tag gives it."""
        return attribute_name(self.name)


def attribute_name(field: str) -> str:
    """The attribute that a field receives: a trailing underscore is dropped (`class_` receives `class`)."""
    return field[:-1] if field.endswith("_") and len(field) > 1 else field


def matching_field(attribute: str, fields: "dict[str, str]") -> str | None:
    """The field that an attribute is for; `fields` maps attribute names to field names."""
    name = attribute.replace("-", "_")
    if name in fields:
        return fields[name]
    return name if name in fields.values() else None


def read_props(
    node: ast.ClassDef, span: Callable[[ast.AST], tuple[int, int]], problems: list[Problem]
) -> tuple[Field, ...]:
    """The fields of a `class Props`, in order."""
    fields: dict[str, Field] = {}
    for base in [*node.bases, *node.keywords, *node.decorator_list]:
        problems.append(messages.props_syntax(span(base), "a base class or a decorator"))
    for statement in node.body:
        match statement:
            case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation, value=value):
                if name in fields or attribute_name(name) in {f.attribute for f in fields.values()}:
                    problems.append(messages.duplicate_field(span(statement), name))
                fields[name] = Field(name, annotation, value)
            case ast.Expr(value=ast.Constant()) | ast.Pass():
                pass
            case _:
                found = type(statement).__name__.lower()
                problems.append(messages.props_syntax(span(statement), f"a statement of the kind `{found}`"))
    return tuple(fields.values())


def _is_constant(node: ast.expr) -> bool:
    match node:
        case ast.Constant():
            return True
        case ast.UnaryOp(operand=ast.Constant(value=int() | float())):
            return True
        case ast.Tuple(elts=elements):
            return all(map(_is_constant, elements))
    return False
