"""The packages that a site needs where it runs, as files of its pack."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import PackageNotFoundError, packages_distributions, version
from pathlib import Path

from packaging.utils import canonicalize_name

from pyastro.adapters.adapter import Compiled, Problem
from pyastro.adapters.distributions import NotInstalled, Package, closure, module_files
from pyastro.adapters.site_imports import SiteImports, site_imports
from pyastro.runtime.manifest import Manifest

OWN = "pyastro-web"
"""The distribution that we are."""

OPTIONAL_PARTS = frozenset(("markupsafe", "pyyaml"))
"""Packages whose machine code only makes them faster: they work without it, and say so."""

_BROUGHT: Mapping[str, tuple[str, ...]] = {
    "pyastro.runtime": ("markupsafe", "python-multipart"),
    "pyastro.runtime.fetch": ("aiohttp",),
    "pyastro.content": ("markdown-it-py", "mdit-py-plugins", "pygments", "pyyaml"),
    "pyastro.markdown": ("markdown-it-py", "mdit-py-plugins", "pygments", "pyyaml"),
}
"""What our own packages need besides themselves where a site imports them."""

_CORE = frozenset(("aiohttp", "markupsafe", "python-multipart"))
"""What comes with us in any case."""

_DRIVERS: Mapping[str, str] = {"redis": "redis", "cookie": "cryptography"}
"""What keeps sessions needs a package."""


@dataclass(frozen=True, slots=True)
class Vendored:
    """What goes into the pack for the site's imports. Files are named by their path below a folder for packages."""

    own: Mapping[str, Path | bytes]
    """Our own packages, and modules that no package brought: files to copy, or their bytes."""
    packages: tuple[Package, ...]
    """The packages of others."""
    problems: tuple[Problem, ...] = ()
    """Why it cannot work where it is to run; the files are not to be used then."""

    @property
    def files(self) -> Mapping[str, Path | bytes]:
        """All files: where nothing can be installed."""
        found: dict[str, Path | bytes] = {}
        for package in self.packages:
            found.update(package.files)
        return dict(sorted({**found, **self.own}.items()))


@dataclass(frozen=True, slots=True)
class Target:
    """Where packages are to run."""

    name: str
    """What the host is called in sentences."""
    runs: Callable[[Package], bool] = lambda package: False
    """Does it run the machine code of a package that is installed here?"""
    markers: Mapping[str, str] = field(default_factory=dict)
    """How it differs from this machine in what markers compare, such as `sys_platform`."""
    provided: frozenset[str] = frozenset()
    """The packages that the host brings itself."""
    replaced: frozenset[str] = frozenset()
    """The packages that we do without there, as the host has their like. A site that imports one itself needs it all the same."""
    has_machine_code: bool = False
    """Does it run machine code, if not what this machine has of a package?"""
    remedy: str = "Use a package written in Python in its place, or another host"
    """What to do about machine code that it does not run."""


def vendored(
    build: Path, manifest: Manifest, target: Target, *, own: Iterable[str] = ("pyastro.runtime",)
) -> Vendored:
    """What a compiled build needs to be imported where nothing is installed: our runtime, and the site's packages.

    `own` names those of our packages that the host's entry imports. Where a package is missing here, or holds machine
    code that the host does not run, that is among the problems.
    """
    imports = site_imports(build)
    ours = set(_ours(imports, own))
    problems: list[Problem] = []
    try:
        packages = closure(_requirements(imports, manifest, ours, target), target.markers)
    except NotInstalled as error:
        hint = f"Install it before the site is built: `pip install {error.name}`."
        problem = Problem(f"{error}.", hint, is_local=True)
        return Vendored({}, (), (problem,))
    kept: list[Package] = []
    for package in packages:
        if package.name in target.provided:
            continue
        if package.native and not target.runs(package):
            if package.name not in OPTIONAL_PARTS:
                problems.append(native_problem(package, target))
                continue
            package = package.without_native()
        kept.append(package)
    own_files = {**dict(_loose_files(imports)), **dict(_own_files(ours))}
    return Vendored(dict(sorted(own_files.items())), tuple(kept), tuple(problems))


def pinned(compiled: Compiled) -> list[str]:
    """What pip has to install for a site where it is served: ourselves, and the packages that it imports, as they are here.

    What these require in turn is left to pip.
    """
    imports = site_imports(compiled.build)
    wanted = _requirements(imports, compiled.manifest, set(_ours(imports, ())), Target("pip"))
    names = {canonicalize_name(name) for name, _ in wanted} - _CORE
    return [_pin(OWN, "[speed]"), *(_pin(name) for name in sorted(names))]


def unpackaged(compiled: Compiled) -> list[str]:
    """The modules outside of a site that it imports and no package brings."""
    paths = (path for path, _ in _loose_files(site_imports(compiled.build)))
    return sorted({path.partition("/")[0].removesuffix(".py") for path in paths})


def _pin(name: str, extra: str = "") -> str:
    try:
        return f"{name}{extra}=={version(name)}"
    except PackageNotFoundError:
        return f"{name}{extra}"


def native_problem(package: Package, target: Target) -> Problem:
    """A package holds machine code, which a host does not run."""
    return Problem(
        f"The package {package.name} holds machine code ({package.native[0]}), which {target.name} does not run.",
        f"{target.remedy}; {_advice(package.name)}",
        is_local=target.has_machine_code,
    )


def _advice(name: str) -> str:
    if name in ("cffi", "cryptography"):
        return 'it is what keeps sessions in cookies (`driver = "cookie"`).'
    if name in ("aiohttp", "frozenlist", "multidict", "propcache", "yarl"):
        return "it is what `fetch` uses."
    return "`pip show` tells which package requires it."


def _ours(imports: SiteImports, own: Iterable[str]) -> Iterator[str]:
    """Those of our packages that a site needs."""
    yield from own
    yield "pyastro.runtime"
    if imports.within("pyastro.runtime.fetch"):
        yield "pyastro.runtime.fetch"
    for name in ("pyastro.asgi", "pyastro.assets", "pyastro.content", "pyastro.feeds", "pyastro.markdown"):
        if imports.within(name):
            yield name
    if imports.within("pyastro.content"):
        yield "pyastro.markdown"


def _requirements(
    imports: SiteImports, manifest: Manifest, ours: Iterable[str], target: Target
) -> Iterator[tuple[str, str]]:
    """The packages of others that a site needs, each with who does."""
    spared = target.provided | target.replaced
    for name in sorted(ours):
        yield from ((each, name) for each in _BROUGHT.get(name, ()) if each not in spared)
    driver = manifest.config.session.driver
    if driver in _DRIVERS and _DRIVERS[driver] not in spared:
        yield _DRIVERS[driver], f'`driver = "{driver}"`'
    known = _distributions_of_modules()
    for root in sorted(imports.roots - {"pyastro"}):
        for name in dict.fromkeys(known.get(root, ())):
            if canonicalize_name(name) not in (OWN, *target.provided):
                yield name, "the site"


@cache
def _distributions_of_modules() -> Mapping[str, list[str]]:
    """Which distributions bring each module; to find out takes a while."""
    return packages_distributions()


def _loose_files(imports: SiteImports) -> Iterator[tuple[str, Path]]:
    """The files of modules that no distribution brought: they lie beside the site."""
    known = _distributions_of_modules()
    for root in sorted(imports.roots - set(known) - {"pyastro"}):
        yield from module_files(root)


def _own_files(ours: Iterable[str]) -> Iterator[tuple[str, Path | bytes]]:
    """Our own packages, as far as the site needs them, and how they are known to `importlib.metadata`."""
    for name in ours:
        yield from ((path, file) for path, file in module_files(name) if not path.startswith(_SERVER))
    try:
        known = version(OWN)
    except PackageNotFoundError:
        return
    info = f"Metadata-Version: 2.1\nName: {OWN}\nVersion: {known}\n"
    yield f"pyastro_web-{known}.dist-info/METADATA", info.encode()


_SERVER = "pyastro/runtime/server/"
"""aiohttp's shell, which packs that bring a host of their own do not need."""
