from pyastro.runtime import Response


def GET() -> Response:
    return Response(b"<script>bytes</script>")
