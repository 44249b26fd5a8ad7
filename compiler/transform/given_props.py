"""The props that the tag of a component gives."""

from pyastro.compiler.nodes import Component
from pyastro.compiler.transform.attributes import plain_name, value_code, value_line
from pyastro.compiler.transform.component_checks import prop_attributes
from pyastro.compiler.transform.state import State


def given_props(state: State, node: Component) -> list[tuple[str, str, int]]:
    """The props of a call: name, code of the value, line. Several classes become one."""
    found: dict[str, tuple[str, int]] = {}
    classes: list[str] = []
    for attribute in prop_attributes(node.attributes):
        code = value_code(state, attribute)
        if code is None:
            continue
        name = plain_name(attribute)
        if name == "class":
            classes.append(code)
            is_list = len(classes) > 1 or attribute.name == "class:list"
            argument = classes[0] if len(classes) == 1 else f"[{', '.join(classes)}]"
            code = f"{state.helper('class_list')}({argument})" if is_list else code
        found[name] = code, value_line(state, attribute)
    return [(name, code, at) for name, (code, at) in found.items()]
