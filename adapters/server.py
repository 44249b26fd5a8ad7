"""`server`: a build that `pyastro serve` or any ASGI server runs, with the pages that were rendered ahead in it.

Beside it lie an ASGI application, for servers and for frameworks that mount the site, and what makes a container of it.
"""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from pyastro.adapters.adapter import Capabilities, Compiled, Pack, Problem, Product
from pyastro.adapters.site_folder import PUBLIC, pack_site
from pyastro.adapters.vendoring import pinned, unpackaged
from pyastro.runtime.manifest import Manifest

_APPLICATION = "asgi.py"
_IMAGE = "Dockerfile"
_REQUIREMENTS = "requirements.txt"

APPLICATION = '''\
"""The site as an ASGI application: `uvicorn asgi:app` in this folder; other programs mount what they import."""

from os import environ
from pathlib import Path

from pyastro.asgi import application_from

app = application_from({**environ, "PYASTRO_BUILD": str(Path(__file__).parent)})
'''

IMAGE = """\
# docker build -t site dist && docker run -p 8000:8000 site
FROM python:{version}-slim
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt && useradd --create-home site
WORKDIR /home/site
COPY . dist
USER site
EXPOSE 8000
# --trust-forwarded is for the proxy in front: leave it away where there is none.
CMD ["pyastro", "serve", "dist", "--host", "0.0.0.0", "--port", "8000", "--trust-forwarded", "--health", "/healthz", "--notice", "4", "--drain", "4"]
"""


class ServerAdapter:
    """A server of one's own: pages are rendered on demand unless they were rendered ahead."""

    name = "server"
    capabilities = Capabilities(renders_on_demand=True)
    public = PUBLIC

    def check(self, compiled: Compiled) -> Sequence[Problem]:
        """Every site can be served, unless a file of its own lies where one of ours has to be."""
        return [
            Problem(
                f"The build has a file {name}, and the adapter server writes one of that name beside it.",
                f"Give {name} beside your pages another name.",
            )
            for name in (_APPLICATION, _IMAGE, _REQUIREMENTS)
            if (compiled.build / name).exists()
        ]

    def build(self, product: Product, pack: Pack) -> None:
        """The compiled build, an application of it, and a container's recipe."""
        pack_site(product, pack)
        pack.write(_APPLICATION, APPLICATION.encode())
        pack.write(
            _IMAGE, IMAGE.format(version=f"{sys.version_info.major}.{sys.version_info.minor}").encode()
        )
        pack.write(_REQUIREMENTS, _requirements(product).encode())

    def preview(
        self, folder: Path, manifest: Manifest, host: str, port: int, on_listening: Callable[[str], None]
    ) -> int:
        """Serve the build."""
        from pyastro.runtime.server import serve

        return serve(folder, host=host, port=port, on_listening=on_listening)


def _requirements(product: Product) -> str:
    """What pip installs, and a comment for what it cannot."""
    told = [f"# {name} is in no package: it has to be where Python looks" for name in unpackaged(product)]
    return "".join(f"{line}\n" for line in (*pinned(product), *told))
