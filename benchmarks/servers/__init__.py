"""Servers that pyastro's is compared with; each module is run with a port."""
