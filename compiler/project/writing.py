"""What stands in a build: modules, packages, data, static files, the manifest, and what the next run wants to know."""

from collections.abc import Mapping
from functools import partial
from hashlib import sha256

from pyastro.compiler.import_statements import rewrite_tree
from pyastro.compiler.project.build_folder import CACHE, MANIFEST
from pyastro.compiler.project.cache import Memory
from pyastro.compiler.project.content_images import TABLE, ContentImages
from pyastro.compiler.project.data_files import data_place
from pyastro.compiler.project.emission import Compiled, module_place
from pyastro.compiler.project.layout import PUBLIC
from pyastro.compiler.project.manifest import Manifest, PublicFile
from pyastro.compiler.project.markdown_page import MARKDOWN
from pyastro.compiler.project.naming import module_file
from pyastro.compiler.project.output import Output
from pyastro.compiler.project.packages import (
    completed_initializer,
    generated_initializer,
    is_blank,
    package_members,
)
from pyastro.compiler.project.signed_cookies import signs_cookies
from pyastro.compiler.project.tree import Tree
from pyastro.compiler.purpose import Purpose


def write_build(
    build: Output, tree: Tree, compiled: Mapping[str, Compiled], images: ContentImages, memory: Memory
) -> None:
    """Write all of a site, of which every component was compiled, into a build, and `memory` of how."""
    for path, component in compiled.items():
        assert component.code is not None
        place = module_place(tree, path)
        if component.is_new or not build.keep(place):
            build.write(place, component.code)
    _write_python(build, tree)
    for path in tree.data:
        # a site may write into its data, and not into its texts
        is_text = memory.purpose is Purpose.RENDERING and path.endswith(MARKDOWN)
        (build.link if is_text else build.copy)(data_place(path, tree.resolver), tree.layout.root / path)
    if images.table:
        build.write(data_place(TABLE, tree.resolver), images.to_bytes())
    public = _write_public(build, tree, memory)
    texts = [
        *(each.code or b"" for each in compiled.values()),
        *(f.data for f in tree.carried.files.values()),
    ]
    build.write(MANIFEST, _manifest(tree, public, any(map(signs_cookies, texts))).to_bytes())
    build.write(CACHE, memory.to_bytes())


def _write_python(build: Output, tree: Tree) -> None:
    """The carried files, and an `__init__.py` for each package that has none of its author."""
    members = package_members(tree.modules.values())
    have_components = {
        module.rpartition(".")[0] for path, module in tree.modules.items() if path in tree.components
    }
    written = {module for path, module in tree.modules.items() if path in tree.components}
    for path, file in sorted(tree.carried.files.items()):
        module = tree.layout.modules[path]
        if path.endswith("__init__.py") and is_blank(file):
            continue
        text = rewrite_tree(file.tree, file.text, path, tree.resolver)
        if path.endswith("__init__.py") and module in have_components:
            text = completed_initializer(file, text, members.get(module, ()))
        build.write(module_place(tree, path), file.encode(text) if text != file.text else file.data)
        written.add(module)
    for package, names in members.items():
        if package not in written:
            build.write(module_file(package, is_package=True), generated_initializer(package, names).encode())


def _write_public(build: Output, tree: Tree, memory: Memory) -> dict[str, PublicFile]:
    """The static files, those that components name, and what the manifest says of them."""
    public = {}
    for path in tree.layout.public:
        source = tree.layout.root / PUBLIC / path
        public[path] = memory.files.public.get(str(source), partial(PublicFile.of, source))
        build.copy(f"{PUBLIC}/{path}", source)
    for path, data in sorted(tree.resolver.assets.files.items()):
        public[path] = PublicFile(len(data), sha256(data).hexdigest())
        build.write(f"{PUBLIC}/{path}", data)
    return public


def _manifest(tree: Tree, public: Mapping[str, PublicFile], needs_secret: bool) -> Manifest:
    return Manifest(
        routes=tree.routes,
        modules=tree.layout.modules,
        prerender=tree.prerender,
        middleware=tree.layout.middleware,
        public=public,
        sources=tree.hashes,
        config=tree.config,
        needs_secret=needs_secret,
    )
