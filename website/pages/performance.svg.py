"""The chart of the performance page."""

from content.config import ROOT

from pyastro.runtime import Response


def GET() -> Response:
    """The drawing as it lies beside the document."""
    return Response((ROOT / "docs/performance.svg").read_bytes(), headers={"content-type": "image/svg+xml"})
