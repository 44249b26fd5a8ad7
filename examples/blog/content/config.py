"""The collections of the blog, and what their entries hold."""

from dataclasses import dataclass, field
from datetime import date
from typing import Annotated

from pyastro.content import Reference, define_collection


@dataclass
class Author:
    """Who writes."""

    name: str
    about: str


authors = define_collection("authors", schema=Author)


@dataclass
class Post:
    """The front matter of a post."""

    title: str
    description: str
    day: date
    author: Annotated[Reference[Author], authors]
    tags: list[str] = field(default_factory=list)
    draft: bool = False


blog = define_collection("blog", schema=Post)
