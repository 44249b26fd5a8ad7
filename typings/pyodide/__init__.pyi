"""Pyodide, which is there where a site runs in it."""
