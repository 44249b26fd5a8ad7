"""How fast pyastro is, beside other ways to make HTML: `python -m benchmarks --help`."""
