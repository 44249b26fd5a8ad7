"""Importing `.astro` files."""
