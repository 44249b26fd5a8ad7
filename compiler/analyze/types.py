"""What the annotations of a class name, and what may define such a name."""

import ast

from pyastro.compiler.analyze.scope import all_names
from pyastro.compiler.syntax_tree import children

_TYPE_MAKERS = frozenset(
    "NewType TypeVar ParamSpec TypeVarTuple namedtuple NamedTuple TypedDict Enum IntEnum StrEnum Flag".split()
)
"""Functions whose result is a type."""


def annotation_names(node: ast.AST) -> set[str]:
    """The names that an annotation uses, also where it is written as a string.

    The values of `Literal[…]` and the metadata of `Annotated[…]` are no types: strings in them name nothing.
    """
    match node:
        case ast.Constant(value=str(text)):
            return _names_of_text(text)
        case ast.Subscript(value=value, slice=inside) if _last_name(value) == "Literal":
            return all_names([value]) | all_names([inside])
        case ast.Subscript(value=value, slice=ast.Tuple(elts=[first, *metadata])) if (
            _last_name(value) == "Annotated"
        ):
            return all_names([value]) | annotation_names(first) | all_names(metadata)
        case ast.Name(id=name):
            return {name}
    return {name for child in children(node) for name in annotation_names(child)}


def _last_name(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def _names_of_text(text: str) -> set[str]:
    """The names in an annotation that is written as a string."""
    try:
        return annotation_names(ast.parse(text, mode="eval").body)
    except (SyntaxError, ValueError):
        return set()


def class_names(node: ast.ClassDef, with_values: bool) -> set[str]:
    """The names that a class needs when it is made: not those of its fields, nor what its methods use when called."""
    names = all_names([*node.bases, *node.keywords, *node.decorator_list])
    for statement in node.body:
        match statement:
            case ast.AnnAssign(annotation=annotation, value=value):
                names |= annotation_names(annotation)
                names |= all_names([value]) if value is not None and with_values else set()
            case ast.FunctionDef(args=arguments) | ast.AsyncFunctionDef(args=arguments):
                names |= _function_names(statement, arguments)
            case ast.ClassDef():
                names |= class_names(statement, with_values)
            case ast.Assign(value=value) if with_values:
                names |= all_names([value])
            case _:
                pass
    return names


def _function_names(node: ast.FunctionDef | ast.AsyncFunctionDef, arguments: ast.arguments) -> set[str]:
    """What a method needs when its class is made: decorators, defaults, annotations."""
    every = [
        *arguments.posonlyargs,
        *arguments.args,
        *arguments.kwonlyargs,
        arguments.vararg,
        arguments.kwarg,
    ]
    annotations = [a.annotation for a in every if a is not None and a.annotation is not None]
    annotations += [node.returns] if node.returns is not None else []
    defaults = [d for d in [*arguments.defaults, *arguments.kw_defaults] if d is not None]
    return all_names([*node.decorator_list, *defaults]) | {
        n for a in annotations for n in annotation_names(a)
    }


def defined_type(node: ast.stmt) -> str | None:
    """The name that a statement defines, if what it defines can only be a type."""
    match node:
        case ast.ClassDef(name=name):
            return name
        case ast.Assign(targets=[ast.Name(id=name)], value=value) if _is_type(value):
            return name
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value) if _is_type(value):
            return name
    alias = getattr(ast, "TypeAlias", None)
    if alias is not None and isinstance(node, alias):
        return str(node.name.id)  # `type X = …`, on 3.12 and later
    return None


def _is_type(node: ast.expr) -> bool:
    """Is this built as types are: from names, subscripts, `|`, and calls that make types?"""
    match node:
        case ast.Name() | ast.Constant(value=None | str()):
            return True
        case ast.Attribute(value=value):
            return _is_type(value)
        case ast.Subscript(value=value):
            return _is_type(value)
        case ast.BinOp(op=ast.BitOr(), left=left, right=right):
            return _is_type(left) and _is_type(right)
        case ast.Call(func=function):
            return _last_name(function) in _TYPE_MAKERS
    return False


def definition_names(node: ast.stmt) -> set[str]:
    """The names that the definition of a type needs."""
    if isinstance(node, ast.ClassDef):
        return class_names(node, with_values=True)
    value = getattr(node, "value", None)
    return annotation_names(value) if isinstance(value, ast.expr) else set()
