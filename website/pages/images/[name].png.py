"""The pictures of the documents."""

from content.config import ROOT

from pyastro.runtime import Context, Response

PICTURES = ROOT / "docs/images"


def get_static_paths() -> list[dict[str, dict[str, str]]]:
    """One for each picture."""
    return [{"params": {"name": each.stem}} for each in sorted(PICTURES.glob("*.png"))]


def GET(context: Context) -> Response:
    """The picture as it lies beside the documents."""
    data = (PICTURES / f"{context.params.name}.png").read_bytes()
    return Response(data, headers={"content-type": "image/png"})
