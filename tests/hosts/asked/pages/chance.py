import random
import secrets

from pyastro.runtime import Response


def GET() -> Response:
    return Response.json([random.random(), random.SystemRandom().random(), secrets.token_hex(8)])
