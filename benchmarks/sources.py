"""A site of as many components as wanted, for the compiler; and the same markup for Jinja2's."""

from collections.abc import Iterator
from pathlib import Path

PER_PAGE = 9
"""Components that a page is made of; with the page they are ten files."""

SHARED_BY = 10
"""Components that use the shared one."""

_CARD = """\
---
class Props:
    title: str
    href: str = "/"
    tags: list[str] = []
    featured: bool = False

slug = title.lower().replace(" ", "-")
---
<article class:list={["card", {"card-featured": featured}]} id={slug}>
  <h2><a href={href}>{title}</a></h2>
  {tags and <ul class="tags">{<li class="tag">{tag}</li> for tag in tags}</ul>}
  <div class="body"><slot>Nothing here yet, number @.</slot></div>
  <footer><slot name="footer" /></footer>
</article>
"""

_CARD_JINJA = """\
{% set slug = title|lower|replace(" ", "-") %}
<article class="card{% if featured %} card-featured{% endif %}" id="{{ slug }}">
  <h2><a href="{{ href }}">{{ title }}</a></h2>
  {% if tags %}<ul class="tags">{% for tag in tags %}<li class="tag">{{ tag }}</li>{% endfor %}</ul>{% endif %}
  <div class="body">{% if body %}{{ body }}{% else %}Nothing here yet, number @.{% endif %}</div>
  <footer>{{ footer }}</footer>
</article>
"""

_TABLE = """\
---
class Props:
    rows: list[dict[str, object]] = []
    caption: str | None = None

total = sum(1 for row in rows if row)
---
<table class="table table-@">
  {caption and <caption>{caption}</caption>}
  <thead><tr><th scope="col">Name</th><th scope="col">Amount</th><th scope="col">State</th></tr></thead>
  <tbody>
    {<tr class={"odd" if number % 2 else "even"}>
      <td>{row["name"]}</td>
      <td class="number">{row["amount"]:,.2f}</td>
      <td>{<b>open</b> if row["is_open"] else <i>closed</i>}</td>
    </tr> for number, row in enumerate(rows)}
  </tbody>
  <tfoot><tr><td colspan="3">{total} rows</td></tr></tfoot>
</table>
"""

_TABLE_JINJA = """\
<table class="table table-@">
  {% if caption %}<caption>{{ caption }}</caption>{% endif %}
  <thead><tr><th scope="col">Name</th><th scope="col">Amount</th><th scope="col">State</th></tr></thead>
  <tbody>
    {% for row in rows %}<tr class="{% if loop.index0 % 2 %}odd{% else %}even{% endif %}">
      <td>{{ row["name"] }}</td>
      <td class="number">{{ "%.2f"|format(row["amount"]) }}</td>
      <td>{% if row["is_open"] %}<b>open</b>{% else %}<i>closed</i>{% endif %}</td>
    </tr>{% endfor %}
  </tbody>
  <tfoot><tr><td colspan="3">{{ rows|length }} rows</td></tr></tfoot>
</table>
"""

_TEXT = """\
---
class Props:
    author: str = "nobody"
---
<section class="text" id="part-@">
  <h2>Part @</h2>
  <p>Most of a site is text like this, in which nothing happens for a while: words, a <a href="/part/@">link</a>,
  some <em>emphasis</em>, and a name, {author}, which is the only thing that changes.</p>
  <ul>
    <li>The first of three points, which are made slowly.</li>
    <li>The second, with <code>code</code> in it.</li>
    <li>The third &amp; last, by {author}.</li>
  </ul>
  <blockquote cite="https://example.org/@"><p>What can be known before is decided before.</p></blockquote>
</section>
"""

_TEXT_JINJA = _TEXT.partition("---\n<")[2].replace("{author}", "{{ author }}")

_FORM = """\
---
class Props:
    action: str
    fields: list[tuple[str, str]]
    errors: dict[str, str] = {}
    busy: bool = False

def identifier(name: str) -> str:
    # labels and inputs find each other by it
    return f"field-@-{name}"
---
<form method="post" action={action} aria-busy={busy}>
  {[
    <p class:list={["field", {"field-wrong": name in errors}]}>
      <label for={identifier(name)}>{label}</label>
      <input id={identifier(name)} {name} required disabled={busy}>
      {name in errors and <strong role="alert">{errors[name]}</strong>}
    </p>
    for name, label in fields
  ]}
  <button type="submit" disabled={busy}><slot>Send</slot></button>
</form>
"""

_FORM_JINJA = """\
<form method="post" action="{{ action }}" aria-busy="{{ busy }}">
  {% for name, label in fields %}
    <p class="field{% if name in errors %} field-wrong{% endif %}">
      <label for="field-@-{{ name }}">{{ label }}</label>
      <input id="field-@-{{ name }}" name="{{ name }}" required{% if busy %} disabled{% endif %}>
      {% if name in errors %}<strong role="alert">{{ errors[name] }}</strong>{% endif %}
    </p>
  {% endfor %}
  <button type="submit"{% if busy %} disabled{% endif %}>{% if body %}{{ body }}{% else %}Send{% endif %}</button>
</form>
"""

_SHARED = """\
---
class Props:
    name: str
---
<i class="icon" data-name={name}></i>
"""

_KINDS = (
    (_CARD, '<C@ title="Number @" tags={["a", "b"]} featured><p>Some text.</p></C@>', _CARD_JINJA),
    (_TABLE, '<C@ rows={[{"name": "a", "amount": 1.5, "is_open": True}]} caption="Table @" />', _TABLE_JINJA),
    (_TEXT, '<C@ author="Ada" />', _TEXT_JINJA),
    (_FORM, '<C@ action="/send" fields={[("mail", "E-mail")]}>Send it</C@>', _FORM_JINJA),
)


def component(number: int) -> str:
    """One of four kinds of components; the first ten use the shared one."""
    text = _KINDS[number % 4][0].replace("@", str(number))
    if number < SHARED_BY:
        text = text.replace("---\n", "---\nfrom . import Icon\n\n", 1) + '<Icon name="star" />\n'
    return text


def jinja_component(number: int) -> str:
    """The same in Jinja2."""
    return _KINDS[number % 4][2].replace("@", str(number))


def page(number: int) -> str:
    """A page of nine components."""
    members = range(number * PER_PAGE, (number + 1) * PER_PAGE)
    names = ", ".join(f"C{each}" for each in members)
    uses = "\n".join(_KINDS[each % 4][1].replace("@", str(each)) for each in members)
    return (
        f'---\nfrom ..components import {names}\n\ntitle = "Page {number}"\n---\n'
        f'<html lang="en">\n<head><title>{{title}}</title></head>\n<body>\n<h1>{{title}}</h1>\n{uses}\n</body>\n</html>\n'
    )


def site(files: int) -> Iterator[tuple[str, str]]:
    """The paths and texts of a site of so many components, pages and all."""
    yield "components/Icon.astro", _SHARED
    pages = files // (PER_PAGE + 1)
    for number in range(files - pages - 1):
        yield f"components/C{number}.astro", component(number)
    for number in range(pages - 1):
        yield f"pages/p{number}.astro", page(number)
    yield "pages/index.astro", "<h1>Start</h1>\n"


def write_site(root: Path, files: int) -> None:
    """Write such a site below a folder."""
    for path, text in site(files):
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")


def large_component(size: int) -> str:
    """One component of about so many bytes."""
    body = component(30).partition("---\n<")[2]
    head = '---\nauthor = "Ada"\n---\n'
    return head + f"<{body}" * max(1, size // len(body))
