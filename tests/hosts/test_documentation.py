"""`docs/hosts.md` shows the examples as they are, with the commands that the tests run."""

import re

from tests.hosts.running import EXAMPLES, FLASK, HERE, HOSTS

DOCUMENT = (HERE.parents[1] / "docs/hosts.md").read_text("utf-8")


def blocks(kind: str) -> list[tuple[str, str]]:
    """The blocks of a kind: what stands behind it, and the text."""
    return re.findall(rf"^```{kind} ?(.*)\n((?s:.*?))^```$", DOCUMENT, re.MULTILINE)


def test_the_programs_are_those_of_the_examples() -> None:
    programs = {path.name: path.read_text("utf-8") for path in EXAMPLES.glob("*.py")}
    assert dict(blocks("python")) == programs


def test_the_commands_are_those_that_are_tested() -> None:
    shown = [line for _, text in blocks("sh") for line in text.splitlines()]
    tested = {host.command for host in (*HOSTS, FLASK)}
    assert sorted(shown) == sorted(tested - {"pyastro serve build"})


def test_the_readme_of_the_examples_names_each_program_and_command() -> None:
    readme = (EXAMPLES / "README.md").read_text("utf-8")
    assert {path.name for path in EXAMPLES.glob("*.py")} <= set(re.findall(r"`(\w+\.py)`", readme))
    for host in (*HOSTS, FLASK):
        assert f"`{host.command}`" in readme or host.name == "aiohttp"
