"""Building a site of files: `pyastro build` beside `astro build`, the same pages, in turns."""

import resource
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.node import install_astro
from benchmarks.processes import as_installed
from benchmarks.report import Target, targets_table

SIZES = (100, 1000)
FASTER = {100: 5.0, 1000: 3.5}
"""How many times faster than Astro a site of so many pages is to be built."""
_SENTENCE = "Lorem {post} ipsum dolor sit amet, *consectetur* elit, sed do `eiusmod` [tempor](https://example.org/{post}) ut.\n\n"
_SECTION = (
    "## Part {n}\n\n"
    + 3 * _SENTENCE
    + "- one\n- two\n\n```python\ndef f{post}(x):\n    return x + {n}\n```\n\n"
)

PY_LAYOUT = """---
class Props:
    title: str
---
<html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>
<body><nav>{<a href={f"/{name}/"}>{name}</a> for name in ("home", "blog", "about")}</nav><main><slot /></main></body></html>
<style>main { max-width: 60ch }</style>
"""
PY_CONFIG = """from dataclasses import dataclass

from pyastro.content import define_collection


@dataclass
class Post:
    title: str


blog = define_collection("blog", schema=Post)
"""
PY_POST = """---
from content.config import Post, blog
from pyastro.content import Entry
from ..layouts import Base

async def get_static_paths():
    return [{"params": {"slug": post.id}, "props": {"post": post}} for post in await blog.entries()]

class Props:
    post: Entry[Post]

Content, _ = await post.render()
---
<Base title={post.data.title}><h1>{post.data.title}</h1><Content /></Base>
"""
PY_PATHS = """---
from ..layouts import Base

def get_static_paths():
    return [{"params": {"n": n}, "props": {"items": list(range(n, n + 20))}} for n in range(COUNT)]

class Props:
    items: list[int]
---
<Base title={f"Page {Astro.params.n}"}><ul>{<li class:list={["item", {"odd": i % 2}]}>Item {i} &amp; more</li> for i in items}</ul></Base>
"""
JS_LAYOUT = """---
const { title } = Astro.props;
---
<html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>
<body><nav>{["home", "blog", "about"].map((name) => <a href={`/${name}/`}>{name}</a>)}</nav><main><slot /></main></body></html>
<style>main { max-width: 60ch }</style>
"""
JS_CONFIG = """import { defineCollection } from "astro:content";
import { glob } from "astro/loaders";
import { z } from "astro/zod";
export const collections = {
  blog: defineCollection({ loader: glob({ pattern: "*.md", base: "./src/blog" }), schema: z.object({ title: z.string() }) }),
};
"""
JS_POST = """---
import { getCollection, render } from "astro:content";
import Base from "../layouts/Base.astro";
export async function getStaticPaths() {
  return (await getCollection("blog")).map((post) => ({ params: { slug: post.id }, props: { post } }));
}
const { post } = Astro.props;
const { Content } = await render(post);
---
<Base title={post.data.title}><h1>{post.data.title}</h1><Content /></Base>
"""
JS_PATHS = """---
import Base from "../layouts/Base.astro";
export function getStaticPaths() {
  return Array.from({ length: COUNT }, (_, n) => ({ params: { n: String(n) }, props: { items: Array.from({ length: 20 }, (_, i) => n + i) } }));
}
const { items } = Astro.props;
---
<Base title={`Page ${Astro.params.n}`}><ul>{items.map((i) => <li class:list={["item", { odd: i % 2 }]}>Item {i} &amp; more</li>)}</ul></Base>
"""


@dataclass
class Builder:
    """One way to build one site, and how long each turn took."""

    name: str
    folder: Path
    layout: Path
    command: list[str]
    forget: tuple[str, ...]
    """What is put aside before a build from scratch."""
    aside: Path
    """Where it is put. File systems take longer to make files where many have just been removed."""
    cold: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    edited: list[float] = field(default_factory=list)
    again: list[float] = field(default_factory=list)

    def build(self) -> None:
        """A build from scratch, one of the unchanged site, and one after its layout was edited."""
        for name in self.forget:
            if (self.folder / name).exists():
                self.aside.mkdir(exist_ok=True)
                (self.folder / name).rename(self.aside / f"{len(self.cold)}{name}")
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.cold.append(self._run())
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.cpu.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        self.again.append(self._run())
        with self.layout.open("a") as file:
            file.write("<!-- edited -->")
        self.edited.append(self._run())

    def _run(self) -> float:
        start = time.perf_counter()
        environment = {**as_installed(), "ASTRO_TELEMETRY_DISABLED": "1"}
        subprocess.run(
            self.command, cwd=self.folder, env=environment, check=True, capture_output=True, timeout=900
        )
        return time.perf_counter() - start

    def pages(self) -> int:
        """How many pages the build has."""
        return sum(1 for _ in (self.folder / "dist").rglob("*.html"))


def run(work: Path, with_node: bool, rounds: int) -> str:
    """Build each site `rounds` times in turns; the results as tables in Markdown."""
    targets: list[Target] = []
    rows = [
        "| site | pages | | from scratch | CPU | layout edited | unchanged |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for folder in work.glob("files-*"):  # of a run that did not come to its end
        shutil.rmtree(folder)
    for kind in ("one template", "Markdown"):
        for count in SIZES:
            builders = list(_builders(kind, count, work, with_node))
            for _ in range(rounds):
                for builder in builders:
                    builder.build()
            for builder in builders:
                assert builder.pages() == count, f"{builder.name} made {builder.pages()} pages"
                rows.append(_row(kind, count, builder, builders[0]))
            targets += _targets(kind, count, builders)
    return "\n".join(rows) + "\n\n" + targets_table(targets)


def _targets(kind: str, count: int, builders: Sequence[Builder]) -> Iterator[Target]:
    """What is to be reached with a site; ratios are the median of those of each turn."""
    own, *others = builders
    for other in others:
        ratio = statistics.median(theirs / ours for ours, theirs in zip(own.cold, other.cold, strict=True))
        yield Target(f"{kind}, {count:,} pages: {other.name} / pyastro", ratio, FASTER[count], True)
    yield Target(f"{kind}, {count:,} pages, unchanged", statistics.median(own.again), 0.5, unit="s")


def _row(kind: str, count: int, builder: Builder, first: Builder) -> str:
    def shown(get: Callable[[Builder], list[float]]) -> str:
        own, other = statistics.median(get(builder)), statistics.median(get(first))
        return f"{own:.2f} s" if builder is first else f"{own:.2f} s ({own / other:.1f} x)"

    cells = (
        shown(lambda b: b.cold),
        shown(lambda b: b.cpu),
        shown(lambda b: b.edited),
        shown(lambda b: b.again),
    )
    return f"| {kind} | {count} | {builder.name} | {' | '.join(cells)} |"


def _builders(kind: str, count: int, work: Path, with_node: bool) -> Iterator[Builder]:
    folder = work / f"files-{kind.replace(' ', '-')}-{count}"
    own = folder / "pyastro"
    _write(own, _pyastro_site(kind, count))
    yield Builder(
        "pyastro",
        own,
        own / "layouts/Base.astro",
        [str(Path(sys.executable).with_name("pyastro")), "build"],
        ("dist", ".pyastro"),
        folder / "pyastro-before",
    )
    if with_node:
        other = folder / "astro"
        _write(other, _astro_site(kind, count))
        program = [str(install_astro(work)), str(work / "node_modules/astro/bin/astro.mjs"), "build"]
        yield Builder(
            "Astro",
            other,
            other / "src/layouts/Base.astro",
            program,
            ("dist", ".astro", "node_modules"),
            folder / "astro-before",
        )


def _pyastro_site(kind: str, count: int) -> dict[str, str]:
    site = {"layouts/Base.astro": PY_LAYOUT}
    if kind == "Markdown":
        posts = {f"content/blog/{name}": text for name, text in _posts(count)}
        return {**site, "content/config.py": PY_CONFIG, "pages/[slug].astro": PY_POST, **posts}
    return {**site, "pages/[n].astro": PY_PATHS.replace("COUNT", str(count))}


def _astro_site(kind: str, count: int) -> dict[str, str]:
    site = {"src/layouts/Base.astro": JS_LAYOUT, "package.json": '{"type": "module", "private": true}'}
    if kind == "Markdown":
        posts = {f"src/blog/{name}": text for name, text in _posts(count)}
        return {**site, "src/content.config.ts": JS_CONFIG, "src/pages/[slug].astro": JS_POST, **posts}
    return {**site, "src/pages/[n].astro": JS_PATHS.replace("COUNT", str(count))}


def _posts(count: int) -> Iterator[tuple[str, str]]:
    for n in range(count):
        body = "".join(_SECTION.format(post=n, n=section) for section in range(5))
        yield f"post-{n}.md", f"---\ntitle: Post {n}\n---\n{body}"


def _write(folder: Path, files: dict[str, str]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
