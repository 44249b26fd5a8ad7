"""The types of a site: what a type checker says of its compiled modules, told in the author's files."""

from pyastro.compiler.check.check import Checked, check_project
from pyastro.compiler.check.checkers import CHECKERS, CheckerError

__all__ = ["CHECKERS", "Checked", "CheckerError", "check_project"]
