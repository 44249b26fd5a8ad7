"""`python -m pyastro.cli`: the command without its script."""

import sys

from pyastro.cli.main import main

sys.exit(main())
