import unicodedata

import pytest

from pyastro.compiler.project.naming import clashes, folder_clashes, module_file, module_name, python_name


@pytest.mark.parametrize(
    ("stem", "name"),
    [
        ("index", "index"),
        ("[id]", "param_id"),
        ("[...path]", "rest_path"),
        ("[lang]-[version]", "param_lang_param_version"),
        ("[id].json", "param_id_json"),
        ("rss.xml", "rss_xml"),
        ("404", "_404"),
        ("about-us", "about_us"),
        ("class", "class_"),
        ("None", "None_"),
        ("match", "match"),
        ("über", "über"),
        ("日本", "日本"),
        ("a b", "a_b"),
        ("x²", "x2"),
        ("__init__", "__init___"),
        (".well-known", "_well_known"),
        ("", "_"),
    ],
)
def test_python_name(stem: str, name: str) -> None:
    assert python_name(stem) == name
    assert name.isidentifier()


def test_names_are_in_the_form_in_which_python_compares_them() -> None:
    assert python_name(unicodedata.normalize("NFD", "über")) == unicodedata.normalize("NFC", "über")


@pytest.mark.parametrize(
    ("path", "module"),
    [
        ("pages/index.astro", "pages.index"),
        ("pages/post/[id].astro", "pages.post.param_id"),
        ("pages/[lang]/[...path].astro", "pages.param_lang.rest_path"),
        ("pages/api/[id].json.py", "pages.api.param_id_json"),
        ("lib/util.py", "lib.util"),
        ("lib/__init__.py", "lib"),
        ("__init__.py", ""),
        ("middleware.py", "middleware"),
    ],
)
def test_module_name(path: str, module: str) -> None:
    assert module_name(path) == module


def test_module_file() -> None:
    assert module_file("pages.index", False) == "pages/index.py"
    assert module_file("pages.about", True) == "pages/about/__init__.py"
    assert module_file("", True) == "__init__.py"


def test_a_clash_stands_at_the_second_file_and_names_the_first() -> None:
    paths = ["pages/about_us.astro", "pages/about-us.astro", "pages/index.astro"]
    (problem,) = clashes({path: module_name(path) for path in paths})
    assert (problem.code, problem.path, problem.line, problem.column) == (
        "module-clash",
        "pages/about_us.astro",
        1,
        1,
    )
    assert "pages/about-us.astro" in problem.message


def test_names_that_differ_in_letter_case_clash() -> None:
    paths = ["components/card.astro", "components/Card.astro"]
    (problem,) = clashes({path: module_name(path) for path in paths})
    assert problem.path == "components/card.astro"
    assert "components/Card.astro" in problem.message


def test_folders_that_become_one_package_clash_once() -> None:
    problems = folder_clashes(["my-lib/a.astro", "my_lib/b.astro", "my_lib/c.astro", "My_Lib/d.astro"])
    assert [problem.path for problem in problems] == ["my-lib/a.astro", "my_lib/b.astro"]


def test_names_that_differ_do_not_clash() -> None:
    assert clashes({"a/b.astro": "a.b", "a/c.astro": "a.c"}) == []
    assert folder_clashes(["a/b/x.astro", "a/c/x.astro", "b/c/x.astro"]) == []
