"""The documentation says what is: examples do what stands beside them, codes have entries, links lead somewhere."""

import ast
import os
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from pyastro.compiler import Diagnostic
from pyastro.compiler.project import compile_project
from tests.esbuild import has_esbuild

ROOT = Path(__file__).parent.parent
ERRORS = ROOT / "docs/errors.md"
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("examples/*/README.md")])

WITHOUT_EXAMPLE = {
    "asset-circle",
    "compiler-failure",
    "image-damaged",
    "image-package",
    "lone-carriage-return",
    "loop-too-deep",
    "markdown-package",
    "nesting-too-deep",
    "not-utf-8",
    "null-character",
    "sass-package",
    "script-needs-esbuild",
    "settings-twice",
    "too-complex",
    "unreadable-source",
    "unusable-file-name",
}
"""What no line of text shows well."""

WITH_ESBUILD = {"script-bundle", "script-outside", "script-style"}
"""What is said only where esbuild is installed."""

SITE = {
    "components/Card.astro": "---\nclass Props:\n    title: str\n---\n<h2>{title}</h2><slot />\n",
    "lib/words.py": "WORDS = ['a']\n",
    "data/words.json": "[]\n",
    "styles/site.css": "p { color: red }\n",
    "lib/menu.ts": "export const open = (): void => console.log(1)\n",
    ".env.ts": "export const key: string = ''\n",
}
"""What the examples may use."""


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


# ---------------------------------------------------------------- the messages


def diagnostic_codes() -> set[str]:
    """Every code that the compiler can give, from the calls that make diagnostics."""
    return {
        call.args[0].value
        for path in (ROOT / "compiler").rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call) and ast.unparse(call.func) in ("Problem", "Diagnostic", "_of_file")
        if call.args and isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str)
    }


@dataclass(frozen=True)
class Example:
    """A block of `docs/errors.md`: lines with `-` give the message, those with `+` instead of them do not."""

    file: str
    lines: tuple[str, ...]

    def site(self, dropped: str) -> dict[str, str]:
        """The files of the example, by their paths, without the lines of one kind."""
        kept = [line[2:] for line in self.lines if line[:1] != dropped]
        if self.file == "files":
            return {path: _content(path) for path in kept}
        return {self.file: "\n".join(kept) + "\n"}


def _content(path: str) -> str:
    return "async def GET(context): ...\n" if path.endswith(".py") else "<p>Hello</p>\n"


@dataclass(frozen=True)
class Entry:
    """What `docs/errors.md` says about a code."""

    code: str
    text: str

    @property
    def example(self) -> Example | None:
        found = re.search(r"^```diff ?(.*)\n((?s:.*?))^```$", self.text, re.MULTILINE)
        return Example(found[1] or "pages/index.astro", tuple(found[2].splitlines())) if found else None


def entries() -> list[Entry]:
    """The sections of the third level; those of the second only group them."""
    parts = re.split(r"^(#{2,3}) (.+)\n", ERRORS.read_text("utf-8"), flags=re.MULTILINE)[1:]
    sections = zip(parts[::3], parts[1::3], parts[2::3], strict=True)
    return [Entry(title, text) for level, title, text in sections if level == "###"]


ENTRIES = entries()


def test_every_code_has_one_entry_and_every_entry_a_code() -> None:
    documented = [entry.code for entry in ENTRIES]
    missing, stale = diagnostic_codes() - set(documented), set(documented) - diagnostic_codes()
    assert not missing, f"docs/errors.md: add an entry `### code` for each of {sorted(missing)}"
    assert not stale, f"docs/errors.md: remove the entries of {sorted(stale)}, which nothing gives any more"
    twice = {code for code in documented if documented.count(code) > 1}
    assert not twice, f"docs/errors.md: keep one entry of each of {sorted(twice)}"


def test_an_entry_has_an_example() -> None:
    without = {entry.code for entry in ENTRIES if entry.example is None}
    assert (
        without == WITHOUT_EXAMPLE
    ), "docs/errors.md: show a wrong line and the right one, in a ```diff block"


@pytest.mark.parametrize(
    "entry",
    [each for each in ENTRIES if each.example and (has_esbuild() or each.code not in WITH_ESBUILD)],
    ids=lambda entry: entry.code,
)
def test_the_example_gives_the_message_and_its_correction_none(entry: Entry, tmp_path: Path) -> None:
    assert entry.example is not None
    wrong = compiled(entry.example.site(dropped="+"), tmp_path / "wrong")
    assert {each.code for each in wrong} == {entry.code}, [str(each) for each in wrong]
    assert entry.text.lstrip().startswith("*Warning.*") == (wrong[0].severity == "warning")
    assert not [str(each) for each in compiled(entry.example.site(dropped="-"), tmp_path / "right")]


def compiled(site: dict[str, str], folder: Path) -> list[Diagnostic]:
    """What the compiler says about a site."""
    for path, text in {**SITE, "pages/home.astro": "<p>Home</p>\n", **site}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    report = compile_project(folder / "pages", folder / "build")
    return [*report.diagnostics, *report.warnings]


@pytest.mark.parametrize("module", ["compiler/messages.py", "compiler/project/messages.py"])
def test_a_code_is_the_name_of_its_function(module: str) -> None:
    tree = ast.parse((ROOT / module).read_text("utf-8"))
    for function in (node for node in tree.body if isinstance(node, ast.FunctionDef)):
        codes = {
            node.args[0].value
            for node in ast.walk(function)
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)
            if ast.unparse(node.func) in ("Problem", "Diagnostic", "_of_file")
        }
        assert codes <= {function.name.replace("_", "-")}


# ---------------------------------------------------------------- links, paths, commands


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_links_lead_somewhere(document: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", document.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        path, _, fragment = target.partition("#")
        if "://" in target:
            continue
        assert (document.parent / path).exists(), target
        assert not fragment or fragment in anchors(document if not path else document.parent / path), target


def anchors(document: Path) -> set[str]:
    """The fragments by which the headings of a document are reached."""
    headings = re.findall(r"^#+ (.+)$", document.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")], ids=name_of)
def test_paths_of_the_repository_exist(document: Path) -> None:
    folders = r"\.ci|asgi|benchmarks|cli|compiler|docs|examples|fixtures|grammar|runtime|scripts|testing|tests|typings"
    for path in re.findall(rf"`((?:{folders})/[\w./-]*)(?=[` ])", document.read_text("utf-8")):
        assert (ROOT / path).exists(), path


def test_every_command_of_a_developer_is_listed_and_can_be_run() -> None:
    listed = set(re.findall(r"scripts/([\w-]+)", (ROOT / "CONTRIBUTING.md").read_text("utf-8")))
    assert listed == {path.name for path in (ROOT / "scripts").iterdir()}
    for path in [*(ROOT / "scripts").iterdir(), ROOT / ".ci/run"]:
        assert os.access(path, os.X_OK), f"{path} is not executable"


@pytest.mark.parametrize("command", ["pyastro serve", "pytest"])
def test_the_readme_has_each_command_for_a_fresh_machine_once(command: str) -> None:
    blocks = re.findall(r"^```sh\n((?s:.*?))^```$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    complete = [block for block in blocks if block.startswith("python3 -m venv ") and command in block]
    assert (
        len(complete) == 1
    ), f"README.md: show one ```sh block that makes an environment and runs `{command}`"
    assert complete[0].count("\n") == 1, f"README.md: `{command}` is one line, which can be pasted alone"
