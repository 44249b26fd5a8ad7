"""The text of a module script: strings in double quotes, as Astro's bundler writes them."""

import re

_TOKEN = re.compile(
    r"""
    (?P<comment> //[^\n\r\u2028\u2029]* | /\*(?s:.)*?\*/ )
    | (?P<single> '(?:[^'\\\n\r]|\\(?:\r\n|(?s:.)))*' )
    | (?P<double> "(?:[^"\\\n\r]|\\(?:\r\n|(?s:.)))*" )
    | (?P<template> `(?:[^`\\$]|\\(?s:.)|\$(?!\{))*` )
    | (?P<unclear> ['"`/] )
    | (?P<other> [^'"`/]+ )
    """,
    re.VERBOSE,
)


def module_script(text: str) -> str:
    """A module script with its single-quoted strings in double quotes, where that asks for no escape.

    Whether `/` divides or begins a regular expression takes a parser to tell. A script with a `/` outside strings and
    comments stays as it is written, and so does one with a template literal that holds expressions.
    """
    pieces = []
    for token in _TOKEN.finditer(text):
        if token.lastgroup == "unclear":
            return text
        is_plain = token.lastgroup == "single" and not set(token.group()) & set('"\\')
        pieces.append(f'"{token.group()[1:-1]}"' if is_plain else token.group())
    return "".join(pieces)
