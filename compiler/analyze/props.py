"""The fields of `class Props`."""

import ast
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from pyastro.compiler import messages
from pyastro.compiler.analyze.scope import all_names
from pyastro.compiler.diagnostics import Problem

_HARMLESS_BASES = frozenset({"object", "typing.Protocol", "typing.Generic"})
_HARMLESS_DECORATORS = frozenset({"typing.final"})


class Field(NamedTuple):
    """One prop. `name` is the Python name; `attribute` the name in a tag, in which `_` also matches `-`."""

    name: str
    node: ast.AnnAssign
    default: ast.expr | None

    @property
    def annotation(self) -> ast.expr:
        """Its type, as the author writes it."""
        return self.node.annotation

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


def usual_spelling(field: str) -> str:
    """The attribute as HTML spells it, which `Astro.props` shows unless the caller spelt it otherwise."""
    name = attribute_name(field)
    return name.replace("_", "-") if name.startswith(("aria_", "data_")) else name


def matching_field(attribute: str, fields: "dict[str, str]") -> str | None:
    """The field that an attribute is for; `fields` maps attribute names to field names."""
    name = attribute.replace("-", "_")
    if name in fields:
        return fields[name]
    return name if name in fields.values() else None


class Surroundings(NamedTuple):
    """What the reader of `class Props` knows of the file around it."""

    classes: Mapping[str, ast.ClassDef]
    """The classes of the frontmatter that may be hoisted, by name."""
    origins: Mapping[str, str]
    """What imported names are, with the module in front: `dc` is `dataclasses.dataclass`."""
    span: Callable[[ast.AST], tuple[int, int]]

    def origin(self, node: ast.expr) -> str:
        """What a name stands for, as far as imports tell; a subscript or a call stands for what it is of."""
        match node:
            case ast.Name(id=name):
                return self.origins.get(name, name).replace("typing_extensions.", "typing.")
            case ast.Attribute(value=value, attr=attr):
                return f"{self.origin(value)}.{attr}".replace("typing_extensions.", "typing.")
            case ast.Subscript(value=inner) | ast.Call(func=inner):
                return self.origin(inner)
        return ""

    def dataclass_decorator(self, node: ast.ClassDef) -> ast.expr | None:
        """The decorator that makes a class a dataclass."""
        return next((d for d in node.decorator_list if self.origin(d) == "dataclasses.dataclass"), None)


def read_props(node: ast.ClassDef, around: Surroundings, problems: list[Problem]) -> tuple[Field, ...]:
    """The fields of a `class Props`, in order: those of its bases first."""
    problems += _refused(node, around)
    fields: dict[str, Field] = {}
    for index, base in enumerate(node.bases):
        if any(ast.dump(base) == ast.dump(each) for each in node.bases[:index]):
            problems.append(messages.props_syntax(around.span(base), f"the base `{ast.unparse(base)}` twice"))
        else:
            fields |= _base_fields(base, around, problems, frozenset({node.name}))
    own = _own_fields(node, fields, around, problems)
    fields |= own
    if around.dataclass_decorator(node) is not None:
        problems += _dataclass_problems(node, fields, own, around)
    return tuple(fields.values())


def _own_fields(
    node: ast.ClassDef, inherited: dict[str, Field], around: Surroundings, problems: list[Problem]
) -> dict[str, Field]:
    """The fields that `class Props` itself declares; it declares nothing else."""
    fields: dict[str, Field] = {}
    for statement in node.body:
        match statement:
            case ast.AnnAssign(target=ast.Name(id=name)) if not _is_class_variable(statement, around):
                others = {f.attribute for f in (inherited | fields).values() if f.name != name}
                if name in fields or attribute_name(name) in others:
                    problems.append(messages.duplicate_field(around.span(statement), name))
                fields[name] = _field(node, name, statement, around)
            case ast.Expr(value=ast.Constant()) | ast.Pass():
                pass
            case _:
                problems.append(_no_field(statement, around))
    return fields


_KINDS: dict[type[ast.stmt], str] = {
    ast.AnnAssign: "a class variable",
    ast.FunctionDef: "a method",
    ast.AsyncFunctionDef: "a method",
    ast.ClassDef: "a class",
}


def _no_field(statement: ast.stmt, around: Surroundings) -> Problem:
    """What is said of a statement in `class Props` that declares no field."""
    span = around.span(statement)
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            return messages.props_field_without_type(span, name, _type_of(value), _shown(value))
    kind = _KINDS.get(type(statement), f"a statement of the kind `{type(statement).__name__.lower()}`")
    return messages.props_syntax(span, kind)


def _type_of(value: ast.expr) -> str:
    """The annotation that a default suggests."""
    match value:
        case ast.Constant(value=None):
            return "str | None"
        case ast.Constant(value=str() | int() | float() | bytes() as constant):
            return type(constant).__name__
        case ast.List() | ast.Dict() | ast.Set() | ast.Tuple():
            return type(value).__name__.lower()
        case ast.JoinedStr():
            return "str"
    return "…"


def _shown(value: ast.expr) -> str:
    """A default as it is written in a hint: a string in double quotes, and nothing that is long."""
    code = ast.unparse(value)
    if isinstance(value, ast.Constant) and isinstance(value.value, str) and not {'"', "\\"} & set(code):
        code = f'"{code[1:-1]}"'
    return code if len(code) <= 40 else "…"


def _base_fields(
    base: ast.expr, around: Surroundings, problems: list[Problem], seen: frozenset[str]
) -> dict[str, Field]:
    """The fields that a base class gives."""
    if around.origin(base) in _HARMLESS_BASES:
        return {}
    name = base.id if isinstance(base, ast.Name) else ""
    node = around.classes.get(name)
    if node is None or name in seen:
        problems.append(messages.props_base(around.span(base), ast.unparse(base), around.origin(base)))
        return {}
    fields: dict[str, Field] = {}
    for each in node.bases:
        fields |= _base_fields(each, around, problems, seen | {name})
    for statement in node.body:
        match statement:
            case ast.AnnAssign(target=ast.Name(id=field)) if not _is_class_variable(statement, around):
                fields[field] = _field(node, field, statement, around)
    return fields


def _is_class_variable(statement: ast.AnnAssign, around: Surroundings) -> bool:
    return around.origin(statement.annotation) == "typing.ClassVar"


def _field(node: ast.ClassDef, name: str, statement: ast.AnnAssign, around: Surroundings) -> Field:
    """A field; where the class is a dataclass, its default may stand in `field(…)`."""
    default = statement.value
    is_call = default is not None and around.origin(default) == "dataclasses.field"
    if is_call and isinstance(default, ast.Call) and around.dataclass_decorator(node) is not None:
        default = _default_of_call(default)
    return Field(name, statement, default)


def _default_of_call(call: ast.Call) -> ast.expr | None:
    """The default that `field(default=…)` or `field(default_factory=…)` says."""
    for keyword in call.keywords:
        if keyword.arg == "default":
            return keyword.value
        if keyword.arg == "default_factory":
            made = ast.Call(keyword.value, [], [])
            made.lineno, made.col_offset = keyword.value.lineno, keyword.value.col_offset
            return made
    return None


# ---------------------------------------------------------------- what is refused


def _refused(node: ast.ClassDef, around: Surroundings) -> Iterator[Problem]:
    """Decorators and keywords of which nobody knows what they do, and type parameters, which no caller could give."""
    decorator = around.dataclass_decorator(node)
    for each in node.decorator_list:
        if each is not decorator and around.origin(each) not in _HARMLESS_DECORATORS:
            yield messages.props_syntax(around.span(each), "a decorator other than `@dataclass`")
    for keyword in node.keywords:
        yield messages.props_syntax(around.span(keyword), "a keyword")
    for parameter in getattr(node, "type_params", ()):
        yield messages.props_syntax(around.span(parameter), "a type parameter")


def _dataclass_problems(
    node: ast.ClassDef, fields: Mapping[str, Field], own: Mapping[str, Field], around: Surroundings
) -> Iterator[Problem]:
    """What `dataclass` would refuse when the module is imported."""
    takes_any_order = _has_true_keyword(around.dataclass_decorator(node), "kw_only")
    for statement in node.body:
        value = statement.value if isinstance(statement, ast.AnnAssign) else None
        if isinstance(value, ast.List | ast.Dict | ast.Set | ast.ListComp | ast.DictComp | ast.SetComp):
            yield messages.dataclass_default(around.span(value), "is a list, a dict or a set")
        elif value is not None and (used := all_names([value]) & set(own)):
            what = f"uses the field `{min(used)}`"
            yield messages.dataclass_default(around.span(value), what)
    optional = False
    for field in fields.values():
        if field.is_required and optional and not takes_any_order:
            yield messages.dataclass_order(around.span(field.node), field.name)
        optional = optional or not field.is_required


def _has_true_keyword(node: ast.expr | None, name: str) -> bool:
    keywords = node.keywords if isinstance(node, ast.Call) else []
    return any(
        k.arg == name and isinstance(k.value, ast.Constant) and k.value.value is True for k in keywords
    )


def _is_constant(node: ast.expr) -> bool:
    match node:
        case ast.Constant():
            return True
        case ast.UnaryOp(operand=ast.Constant(value=int() | float())):
            return True
        case ast.Tuple(elts=elements):
            return all(map(_is_constant, elements))
    return False
