"""`lambda`: a function of AWS Lambda, as a folder and as the archive that it takes, with a template that sets it up."""

import platform
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from pyastro.adapters.adapter import Capabilities, Compiled, Pack, Problem, Product
from pyastro.adapters.bytecode import compiled_modules
from pyastro.adapters.distributions import Package
from pyastro.adapters.site_folder import PUBLIC, pack_files, pack_site
from pyastro.adapters.vendoring import Target, Vendored, vendored
from pyastro.adapters.zipping import zipped
from pyastro.runtime.manifest import Manifest

FUNCTION = "function"
ARCHIVE = "function.zip"
BUILD = "compiled"
HANDLER = "handler.handler"


_ROOT = "/var/task"
_GLIBC = (2, 34)
"""That of the system which the functions run on (Amazon Linux 2023)."""
_OLD_TAGS = {"manylinux1": (2, 5), "manylinux2010": (2, 12), "manylinux2014": (2, 17)}
_MACHINES = {"x86_64": "x86_64", "amd64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}
_PROVIDED = frozenset(("boto3", "botocore", "jmespath", "python-dateutil", "s3transfer", "six", "urllib3"))
"""What Lambda's runtimes of Python bring."""

CODE = f'''\
"""The site as a handler of AWS Lambda."""

from pathlib import Path

from pyastro.awslambda import Handler

handler = Handler(Path(__file__).parent / "{BUILD}")
'''

TEMPLATE = """\
# The function with an address of its own: `sam deploy --guided` sets it up.
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31

Parameters:
  Secret:
    Type: String
    NoEcho: true
    Default: ""
    Description: PYASTRO_SECRET, of 32 characters or more, where the site signs cookies or keeps sessions in them

Resources:
  Site:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: {function}/
      Handler: {handler}
      Runtime: {runtime}
      Architectures: [{machine}]
      MemorySize: 1024
      Timeout: 30
      Environment:
        Variables:
          PYASTRO_SECRET: !Ref Secret
      FunctionUrlConfig:
        AuthType: NONE

Outputs:
  Address:
    Value: !GetAtt SiteUrl.FunctionUrl
"""


class LambdaAdapter:
    """AWS Lambda: one function that answers everything, files as well."""

    name = "lambda"
    capabilities = Capabilities(
        renders_on_demand=True, streams=False, sessions=frozenset(("cookie", "redis"))
    )
    public = f"{FUNCTION}/{BUILD}/{PUBLIC}"

    def check(self, compiled: Compiled) -> Sequence[Problem]:
        """Packages that are missing, or were made for another system."""
        return [*_vendored(compiled).problems, *_machine_problems()]

    def build(self, product: Product, pack: Pack) -> None:
        """The function's folder, its archive, and the template."""
        pack_site(product, pack, f"{FUNCTION}/{BUILD}")
        pack_files(_vendored(product).files, pack, FUNCTION)
        pack.write(f"{FUNCTION}/handler.py", CODE.encode())
        # Lambda unpacks them where nothing can be written.
        for path, data in compiled_modules(_modules(pack), _ROOT):
            pack.write(f"{FUNCTION}/{path}", data)
        inside = f"{FUNCTION}/"
        names = [path for path in pack.paths if path.startswith(inside)]
        pack.write(ARCHIVE, zipped((path.removeprefix(inside), pack.read(path)) for path in names))
        pack.write("template.yaml", _template().encode())

    def preview(
        self, folder: Path, manifest: Manifest, host: str, port: int, on_listening: Callable[[str], None]
    ) -> int:
        """Run the function with Lambda's own runtime, behind an address as Lambda gives one."""
        from pyastro.adapters.awslambda_preview import preview

        return preview(folder, host, port, on_listening)


def _vendored(compiled: Compiled) -> Vendored:
    target = Target(
        f"AWS Lambda ({_runtime()}, {_machine()})",
        runs=_runs,
        markers={"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"},
        provided=_PROVIDED,
        has_machine_code=True,
        remedy="Build on Linux, or in a container of it, where pip installs it in that form",
    )
    return vendored(compiled.build, compiled.manifest, target, own=("pyastro.awslambda",))


def _runs(package: Package) -> bool:
    """Was the package made for Linux, with a C library that is not newer than Lambda's?"""
    return any(_fits(tag) for tag in package.platforms)


def _fits(tag: str) -> bool:
    known = re.fullmatch(r"(manylinux\w*?)(?:_(\d+)_(\d+))?_(x86_64|aarch64)", tag)
    if known is None:
        return False
    glibc = (int(known[2]), int(known[3])) if known[2] else _OLD_TAGS.get(known[1], _GLIBC)
    return glibc <= _GLIBC


def _machine_problems() -> Iterator[Problem]:
    if platform.machine().lower() not in _MACHINES:
        yield Problem(
            f"AWS Lambda runs on x86_64 and on ARM, and this machine is {platform.machine()}.",
            "Build on one of these.",
            is_local=True,
        )


def _machine() -> str:
    return _MACHINES.get(platform.machine().lower(), "x86_64")


def _runtime() -> str:
    return f"python{sys.version_info.major}.{sys.version_info.minor}"


def _template() -> str:
    return TEMPLATE.format(function=FUNCTION, handler=HANDLER, runtime=_runtime(), machine=_machine())


def _modules(pack: Pack) -> Iterator[tuple[str, bytes]]:
    """The function's modules, by their paths in it."""
    public = f"{LambdaAdapter.public}/"
    for path in pack.paths:
        if path.endswith(".py") and path.startswith(f"{FUNCTION}/") and not path.startswith(public):
            yield path.removeprefix(f"{FUNCTION}/"), pack.read(path)
