"""Which scripts a browser cannot run as they are written."""

import pytest

from pyastro.compiler.analyze.javascript import tokens
from pyastro.compiler.analyze.module_scripts import module_script_needs, specifiers

JAVASCRIPT = [
    "import type from 'https://x'",
    "const a = b ? (c) : d",
    "switch (x) { case (1): y; default: z }",
    "x = {a: 1, b: c ? d : e, [f]: g, h() { return 1 }, type: 2}",
    "let type = 1; type = 2; type\nfoo()",
    "for (const x of y) { if (x) !z && w() }",
    "a = b / c / d; /[/'\"]/.test(x)",
    "`a ${b ? `c${d}` : '}'} e`; x = 'y'",
    "label: for (;;) { break label }",
    "class A { #x = 1; static y = 2; get z() { return this.#x } 'a' = 1; type = 3; readonly = 2 }",
    "import { a as b, type } from '/x.js'; export { a as c }",
    "a < b && c > (d)",
    "const f = (a = b ? c : d, e) => ({ g: a })",
    "x = y\n!z",
    "return !x; case !y:",
    "var as = 1; as\n++x",
    "export default class extends B {}",
    "if (a) ![1].length",
    "x = a ? b?.c : d",
    "const {a: b, c: {d}} = e, [f] = g",
    "const x = y ? {a: 1} : [2]",
    "if (x) y; else !z",
    "let enumerate = 1; interfaces(x)",
    "async function* f(a, {b: c} = {}) {}",
    "x.import('a'); import.meta.url",
    "y = { import: 1 }",
    "let a = b\nlet c = { d: e }",
    "const a = function (b) { return b ? 1 : 2 }",
    "let x = 1, y = a ? b : c; foo: while (1) {}",
    "(a, b) => a ? b : c",
    "for (let i = 0, n = a.length; i < n; i++) {}",
    "f(a ? (b) : c, {d: e})",
    "do { x } while (y)",
    "if (a) /re'/.test(b)",
    "x = a++ / b; y = 'c'",
    "declare(x); abstract(y)",
    "const {x} = y\nlabel: for(;;){}",
    "let z\nfoo: for(;;){}",
    "a << b; a <<= c",
    "function as(e, t) { return e }",
    "`${a ? `:${b}` : ''}`; f`x${y}`",
    "a = b\n/c/g",
    "'unterminated",
    "`unterminated ${",
    "/* open",
    "x = {async f() {}, get as() {}}",
    "`${f(a)} }${ {b: 1}.b }`; const c = '`'",
]
TYPESCRIPT = [
    "let x: number",
    "const {a}: T = b",
    "function f(a: T) {}",
    "(a: T) => a",
    "(a?: T) => 1",
    "(a, b: T) => 1",
    "interface A { b: c }",
    "type A = B",
    "enum X { a }",
    "export type Y = Z",
    "x as HTMLElement",
    "x! .y",
    "a!.b",
    "f(a!)",
    "document.querySelector<HTMLElement>('a')",
    "new Map<string, number>()",
    "class A { b: T }",
    "class A { private x = 1 }",
    "class A implements B {}",
    "class A<T> {}",
    "function f<T>(x) {}",
    "function f(): T {}",
    "const f = (): T => 1",
    "import type { A } from '/x'",
    "import type A from '/x'",
    "x satisfies Y",
    "declare const a",
    "@dec class A {}",
    "({a, b}: P) => 1",
    "catch_: try { } catch (e: unknown) { }",
    "abstract class A {}",
    "export default abstract class A {}",
    "const x = y as const",
    "let x!: T",
    "const m = new Map<string, Array<number>>()",
    "export enum A { b }",
    "namespace A { }",
    "import a = b.c",
    "const x = <T>y",
    "const el = a.b!\nc()",
    "const x = (y as any).z",
    "for (const x of a as B[]) {}",
    "const x: Array<{a: b}> = []",
]


@pytest.mark.parametrize("text", JAVASCRIPT)
def test_what_is_javascript_stays(text: str) -> None:
    assert module_script_needs(0, 8, text) is None


@pytest.mark.parametrize("text", TYPESCRIPT)
def test_typescript_is_known(text: str) -> None:
    found = module_script_needs(0, 8, text)
    assert found is not None and found.package == ""
    start, end = found.need
    assert 8 <= start < end <= 8 + len(text)


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("import 'a'", ["a"]),
        ("import x, {y as z} from './b'", ["./b"]),
        ("import('c')", ["c"]),
        ("import(\n'd', {with: e})", ["d"]),
        ("import(f)", []),
        ("export * from 'd'; export * as e from \"e\"", ["d", "e"]),
        ("import * as f from 'f'; export {g} from 'g'", ["f", "g"]),
        ("const from = 1; export const h = 'h'", []),
        ("export default from 'x'", []),
        ("export {a, b}\nimport i from 'i'", ["i"]),
        ("import {\n a, // 'c'\n b\n} from 'k'", ["k"]),
        ("import {'x y' as z} from 'l'", ["l"]),
        ("import j from 'm' with {type: 'json'}", ["m"]),
        ("import.meta.url; a.import('n'); b = {import: 'o'}", []),
        ("/* import 'p' */ 'import \"q\"'; `import 'r' ${import('s')}`; /import 't'/", ["s"]),
    ],
)
def test_what_a_script_imports(text: str, paths: list[str]) -> None:
    found = list(specifiers(list(tokens(text))))
    assert [each.path for each in found] == paths
    assert all(text[each.start + 1 : each.end - 1] == each.path for each in found)


@pytest.mark.parametrize(
    "path", ["/a.js", "//host/a.js", "https://host/a.js", "data:text/javascript,1", "blob:x"]
)
def test_an_address_is_the_browsers(path: str) -> None:
    assert module_script_needs(0, 8, f"import {path!r}") is None


@pytest.mark.parametrize("path", ["a", "./a.js", "../a", "@scope/a", "#a"])
def test_what_is_no_address_is_not(path: str) -> None:
    found = module_script_needs(0, 8, f"let a\nimport {path!r}")
    assert found is not None and found.package == path
