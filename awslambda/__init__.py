"""A site as the handler of an AWS Lambda function, behind a function URL, API Gateway or a load balancer.

from pyastro.awslambda import Handler

handler = Handler("build")
"""

from pyastro.awslambda.events import NotHTTP
from pyastro.awslambda.handler import Handler

__all__ = ["Handler", "NotHTTP"]
