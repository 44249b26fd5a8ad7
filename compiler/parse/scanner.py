"""The tokens of a component.

What `<` or `{` means depends on where it stands. The scanner keeps a stack of modes (text, tag, Python) and hands
Lark's parser tokens of which the meaning is settled. The patterns are those of `grammar/astro.lark`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lark import Token
from lark.common import LexerConf
from lark.lexer import Lexer

from pyastro.compiler import messages
from pyastro.compiler.diagnostics import Problem
from pyastro.compiler.html import RAW_TEXT_ELEMENTS, TEXT_ELEMENTS, VOID_ELEMENTS
from pyastro.compiler.python_text import OPERATOR_WORDS, TOKEN, Unterminated, spec_end, string_end

MAX_DEPTH = 400
"""How deep markup in expressions in markup may nest."""

_FENCE = re.compile(r"(?:\s|<!--(?s:.)*?-->)*---[ \t]*(?=\r?\n|$)")
_CLOSING_FENCE = re.compile(r"^---[ \t]*(?=\r?$)", re.MULTILINE)
_MARKUP_AHEAD = re.compile(r"<(?:[A-Za-z>]|!--)")
_MORE_MARKUP = re.compile(r"\s*(?=<(?:[A-Za-z>]|!--))|\s*(?=\{#)")
_SIMPLE_EXPRESSION = re.compile(r"\{([ ]*[A-Za-z_][\w.]*[ ]*)\}")
_JSX_COMMENT = re.compile(r"\{\s*/\*(?s:.)*?\*/\s*\}")
_FSTRING = re.compile(r"\s*=\s*(?=(?:[fF][rR]?|[rR][fF])[\"'])")
_IS_RAW = re.compile(r"\sis:raw(?=[\s/>=])")
_SPACE = re.compile(r"\s*")
_EQUALS = re.compile(r"\s*=\s*")
_CONVERSION = re.compile(r"![a-zA-Z](?=\s*[:}])")


class ScanError(Exception):
    """The source cannot be read on from here."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem


@dataclass(slots=True)
class _Text:
    """Content. Inside an expression, `open_tags` holds the names and offsets of what is still open."""

    open_tags: list[tuple[str, int, int]] | None = None


@dataclass(slots=True)
class _Tag:
    """A tag of which a part is dynamic."""

    name: str
    start: int
    is_raw: bool = False


@dataclass(slots=True)
class _Python:
    """The inside of braces. `start` is the opening brace, `mark` where the Python that is not yet a token begins."""

    start: int
    mark: int
    brackets: list[str] = field(default_factory=list)
    after_operand: bool = False
    lambdas: int = 0


class Scanner(Lexer):
    """Lark's view of the scanner."""

    def __init__(self, lexer_conf: LexerConf) -> None:
        self.patterns = {t.name: re.compile(t.pattern.to_regexp()) for t in lexer_conf.terminals}

    def lex(self, text: str) -> Iterator[Token]:  # type: ignore[override]  # Lark hands plain lexers the text
        """All tokens of a text; raises `ScanError`."""
        return iter(_Scan(text, self.patterns).tokens())


class _Scan:
    """One reading of one text."""

    def __init__(self, text: str, patterns: Mapping[str, "re.Pattern[str]"]) -> None:
        self.text = text
        self.patterns = patterns
        self.at = 0
        self.end = len(text)
        self.out: list[Token] = []
        self.modes: list[_Text | _Tag | _Python] = [_Text()]
        self.frontmatter = ""

    def tokens(self) -> list[Token]:
        self.scan_frontmatter()
        while self.at < self.end:
            mode = self.modes[-1]
            if type(mode) is _Text:
                self.scan_text(mode)
            elif type(mode) is _Python:
                self.scan_python(mode)
            else:
                assert type(mode) is _Tag
                self.scan_tag(mode)
        self.check_closed()
        return self.out

    def emit(self, kind: str, start: int, end: int) -> None:
        self.out.append(Token(kind, self.text[start:end], start_pos=start, end_pos=end))

    def eat(self, kind: str) -> str | None:
        """Emit the terminal `kind` if it stands here, and return its text."""
        found = self.patterns[kind].match(self.text, self.at)
        if found is None:
            return None
        self.out.append(Token(kind, found.group(), start_pos=self.at, end_pos=found.end()))
        self.at = found.end()
        return found.group()

    def fail(self, problem: Problem) -> ScanError:
        return ScanError(problem)

    def check_closed(self) -> None:
        """The end of the file is no place to be in a tag, in Python, or in markup inside an expression."""
        mode = self.modes[-1]
        if type(mode) is _Python:
            raise self.fail(messages.unclosed_expression((mode.start, mode.start + 1)))
        if type(mode) is _Tag:
            raise self.fail(
                messages.unterminated_tag((mode.start, mode.start + 1 + len(mode.name)), mode.name)
            )
        assert type(mode) is _Text
        if mode.open_tags is not None:
            name, start, end = mode.open_tags[-1]
            raise self.fail(messages.unclosed_element((start, end), name, "the end of the file"))

    # ------------------------------------------------------------ frontmatter

    def scan_frontmatter(self) -> None:
        opening = _FENCE.match(self.text)
        if opening is None:
            self.end = len(self.text.rstrip())
            return
        start = opening.end()
        closing = _closing_fence(self.text, start)
        if closing is None:
            raise self.fail(messages.unterminated_frontmatter((start - 3, start)))
        comments = self.text[: opening.end()].rstrip()[:-3]
        self.emit("FRONTMATTER", start, closing.start())
        self.frontmatter = self.text[start : closing.start()]
        if comments.strip():
            lead = len(comments) - len(comments.lstrip())
            self.emit("COMMENT", lead, len(comments.rstrip()))
        self.at = _SPACE.match(self.text, closing.end()).end()  # type: ignore[union-attr]  # it always matches
        self.end = max(self.at, len(self.text.rstrip()))

    # ------------------------------------------------------------ text

    def scan_text(self, mode: _Text) -> None:
        char = self.text[self.at]
        if char == "<":
            self.scan_less_than(mode)
        elif char == "{":
            self.scan_brace()
        else:
            self.scan_text_run()

    def scan_less_than(self, mode: _Text) -> None:
        text, at = self.text, self.at
        after = text[at + 1 : at + 2]
        if after.isascii() and after.isalpha():
            self.scan_start_tag(mode)
        elif after == "/":
            self.scan_end_tag(mode)
        elif after == ">":
            self.emit("TAG", at, at + 2)
            self.at = at + 2
            self.open_tag(mode, "", at, has_content=True)
        elif after == "!" or after == "?":
            self.scan_declaration(mode)
        else:
            self.scan_text_run()

    def scan_text_run(self) -> None:
        start = self.at
        found = self.patterns["TEXT"].match(self.text, start)
        assert found is not None
        self.at = min(found.end(), self.end)
        self.emit("TEXT", start, self.at)

    def scan_declaration(self, mode: _Text) -> None:
        start = self.at
        if self.eat("DOCTYPE") is None and self.eat("COMMENT") is None:
            raise self.fail(messages.unterminated_comment((start, start + 4)))
        self.end_markup(mode)

    def scan_end_tag(self, mode: _Text) -> None:
        start = self.at
        if self.eat("END_TAG") is None:
            if self.eat("COMMENT") is None:
                self.at = self.end
                self.emit("TEXT", start, self.end)
            return
        if mode.open_tags is None:
            return
        name = tag_name(self.text, start + 2)
        opened, opened_at, opened_end = mode.open_tags[-1]
        if opened.lower() != name.lower():
            raise self.fail(messages.unclosed_element((opened_at, opened_end), opened, f"`</{name}>`"))
        mode.open_tags.pop()
        self.end_markup(mode)

    def scan_start_tag(self, mode: _Text) -> None:
        start = self.at
        tag = self.eat("TAG")
        if tag is not None:
            name = tag_name(self.text, start + 1)
            is_raw = "is:raw" in tag and _IS_RAW.search(tag) is not None
            self.open_tag(mode, name, start, not closes_itself(tag), is_raw)
            return
        opening = self.patterns["TAG_OPEN"].match(self.text, start)
        assert opening is not None
        self.eat("TAG_OPEN")
        self.modes.append(_Tag(opening.group()[1:], start))

    def open_tag(self, mode: _Text, name: str, start: int, has_content: bool, is_raw: bool = False) -> None:
        """A start tag is complete and emitted: what follows is its content, unless it has none."""
        tag = (start, self.at)
        is_component = self.is_component(name)
        if has_content and (is_component or name.lower() not in VOID_ELEMENTS):
            may_be_raw = is_raw or not is_component
            if not (may_be_raw and self.scan_raw_content(mode, name, tag, is_raw)):
                self.note_open_tag(mode, name, tag)
        self.end_markup(mode)

    def note_open_tag(self, mode: _Text, name: str, tag: tuple[int, int]) -> None:
        """Inside an expression, remember what must be closed."""
        if mode.open_tags is None:
            return
        if len(mode.open_tags) > MAX_DEPTH:
            raise self.fail(messages.nesting_too_deep(tag, MAX_DEPTH))
        mode.open_tags.append((name, *tag))

    def is_component(self, name: str) -> bool:
        return is_component_name(name, self.frontmatter)

    def end_markup(self, mode: _Text) -> None:
        """Inside an expression: when nothing is open any more, Python goes on, unless more markup follows."""
        if mode.open_tags is None or mode.open_tags:
            return
        more = _MORE_MARKUP.match(self.text, self.at)
        if more is not None:
            if more.end() > self.at:
                self.emit("TEXT", self.at, more.end())
            self.at = more.end()
            if self.text[self.at] == "{":
                self.eat_template_comment()
                self.end_markup(mode)
            return
        self.emit("MARKUP_END", self.at, self.at)
        self.modes.pop()
        python = self.modes[-1]
        assert type(python) is _Python
        python.mark = self.at
        python.after_operand = True

    # ------------------------------------------------------------ raw content

    def scan_raw_content(self, mode: _Text, name: str, tag: tuple[int, int], is_raw: bool) -> bool:
        """The content and the end tag of an element whose content is not markup; False if this one's is."""
        lower = name.lower()
        if is_raw or lower in RAW_TEXT_ELEMENTS:
            stop = self.raw_end(lower, tag, nests=is_raw)
        elif lower in TEXT_ELEMENTS:
            return self.scan_text_content(lower, tag)
        else:
            return False
        if stop > self.at:
            self.emit("RAW_TEXT", self.at, stop)
        self.at = stop
        if self.at < self.end:
            self.eat("END_TAG")
        return True

    def raw_end(self, name: str, tag: tuple[int, int], nests: bool) -> int:
        """The offset of the end tag that closes a raw element; with `nests`, elements of its name inside count."""
        if name == "plaintext":
            return self.end
        depth = 1
        pattern = re.compile(rf"<(/?){re.escape(name)}(?=[\s/>])(?:[^>]*?(/)?>)?", re.IGNORECASE)
        at = self.at
        while found := pattern.search(self.text, at):
            at = found.end()
            if found.group(1):
                depth -= 1
            elif nests and not found.group(2):
                depth += 1
            if depth == 0:
                return found.start()
        raise self.fail(messages.unterminated_raw_text(tag, self.text[tag[0] + 1 : tag[0] + 1 + len(name)]))

    def scan_text_content(self, name: str, tag: tuple[int, int]) -> bool:
        """Text and expressions up to the end tag of a `<textarea>` or `<title>`."""
        stop = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE)
        depth = len(self.modes)
        while True:
            found = stop.search(self.text, self.at)
            if found is None:
                raise self.fail(messages.unterminated_raw_text(tag, name))
            brace = self.text.find("{", self.at, found.start())
            upto = found.start() if brace < 0 else brace
            if upto > self.at:
                self.emit("RAW_TEXT", self.at, upto)
            self.at = upto
            if brace < 0:
                self.eat("END_TAG")
                return True
            self.scan_brace()
            while len(self.modes) > depth:
                if self.at >= self.end:
                    self.check_closed()
                self.scan_inner(self.modes[-1])

    def scan_inner(self, mode: _Text | _Tag | _Python) -> None:
        if type(mode) is _Text:
            self.scan_text(mode)
        elif type(mode) is _Python:
            self.scan_python(mode)
        else:
            assert type(mode) is _Tag
            self.scan_tag(mode)

    # ------------------------------------------------------------ tags

    def scan_tag(self, mode: _Tag) -> None:
        """One attribute, or the end, of a tag with dynamic parts."""
        self.at = _SPACE.match(self.text, self.at).end()  # type: ignore[union-attr]  # it always matches
        if self.at >= self.end:
            return
        text, at = self.text, self.at
        char = text[at]
        if char == "{":
            self.scan_tag_brace()
        elif char == ">" or text.startswith("/>", at):
            self.modes.pop()
            outer = self.modes[-1]
            assert type(outer) is _Text
            self.eat("TAG_CLOSE")
            self.open_tag(outer, mode.name, mode.start, char == ">", mode.is_raw)
        elif char == "/":
            self.at += 1
        elif (attribute := self.eat("ATTRIBUTE")) is not None:
            mode.is_raw = mode.is_raw or attribute == "is:raw"
        elif self.eat("ATTRIBUTE_NAME") is not None:
            self.scan_attribute_value()
        else:
            raise self.fail(messages.attribute_without_name((at, at + 1), char))

    def scan_tag_brace(self) -> None:
        if self.text.startswith("{#", self.at):
            self.eat_template_comment()
        elif _JSX_COMMENT.match(self.text, self.at):
            self.eat_jsx_comment()
        else:
            self.begin_expression()

    def scan_attribute_value(self) -> None:
        """What follows `name=` where it is neither quoted nor a plain word."""
        name = self.out[-1]
        equals = _EQUALS.match(self.text, self.at)
        assert equals is not None
        self.at = at = equals.end()
        char = self.text[at : at + 1]
        if char == "{":
            self.begin_expression()
        elif char in ("'", '"'):
            raise self.fail(messages.unterminated_attribute((at, at + 1)))
        elif char == "`" and (closing := self.text.find("`", at + 1, self.end)) > 0:
            self.at = closing + 1
            self.emit("TEMPLATE_LITERAL", at, self.at)
        elif char == "`":
            raise self.fail(messages.backtick_attribute((at, at + 1), name))
        elif (opening := TOKEN.match(self.text, at)) and opening.lastgroup == "string":
            try:
                self.at = string_end(self.text, opening)
            except Unterminated:
                raise self.fail(messages.unterminated_attribute((at, opening.end()))) from None
            self.emit("TEMPLATE_LITERAL", at, self.at)
        else:
            start = name.start_pos or 0
            raise self.fail(messages.attribute_value_missing((start, at), name))

    # ------------------------------------------------------------ expressions

    def scan_brace(self) -> None:
        """A brace in content."""
        simple = _SIMPLE_EXPRESSION.match(self.text, self.at)
        if simple is not None:
            at = self.at
            self.emit("LBRACE", at, at + 1)
            self.emit("PYTHON", simple.start(1), simple.end(1))
            self.emit("RBRACE", simple.end() - 1, simple.end())
            self.at = simple.end()
        elif self.text.startswith("{#", self.at):
            self.eat_template_comment()
        elif _JSX_COMMENT.match(self.text, self.at):
            self.eat_jsx_comment()
        else:
            self.begin_expression()

    def eat_template_comment(self) -> None:
        start = self.at
        if self.eat("TEMPLATE_COMMENT") is None:
            raise self.fail(messages.unterminated_template_comment((start, start + 2)))

    def eat_jsx_comment(self) -> None:
        """Reported by the parser, which sees that it does not begin as a template comment does."""
        comment = _JSX_COMMENT.match(self.text, self.at)
        assert comment is not None
        self.emit("TEMPLATE_COMMENT", self.at, comment.end())
        self.at = comment.end()

    def begin_expression(self) -> None:
        if len(self.modes) > MAX_DEPTH:
            raise self.fail(messages.nesting_too_deep((self.at, self.at + 1), MAX_DEPTH))
        self.emit("LBRACE", self.at, self.at + 1)
        self.modes.append(_Python(self.at, self.at + 1))
        self.at += 1

    def scan_python(self, mode: _Python) -> None:
        """Python up to markup, or to the end of the expression."""
        text, at = self.text, self.at
        while at < self.end:
            token = TOKEN.match(text, at)
            assert token is not None
            kind = token.lastgroup
            if kind == "name":
                word = token.group()
                mode.after_operand = word not in OPERATOR_WORDS
                mode.lambdas += word == "lambda" and not mode.brackets
            elif kind == "string":
                at = self.python_string_end(token)
                mode.after_operand = True
                continue
            elif kind == "number":
                mode.after_operand = True
            elif kind == "open":
                if text.startswith("{#", at):
                    at = self.python_comment(mode, at)
                    continue
                mode.brackets.append(token.group())
                mode.after_operand = False
            elif kind == "close":
                if self.close_bracket(mode, token.group(), at):
                    return
                mode.after_operand = True
            elif kind == "other":
                if self.scan_operator(mode, token.group(), at):
                    return
                mode.after_operand = False
            at = token.end()
        self.at = at

    def python_string_end(self, opening: "re.Match[str]") -> int:
        try:
            end = string_end(self.text, opening)
        except Unterminated as error:
            end = self.end + 1
            start = error.start
        else:
            start = opening.start()
        if end > self.end:
            raise self.fail(messages.unterminated_string((start, start + len(opening.group()))))
        return end

    def python_comment(self, mode: _Python, at: int) -> int:
        """A template comment inside Python: it is cut out of the Python around it."""
        self.flush_python(mode, at)
        self.at = at
        self.eat_template_comment()
        self.out[-1].type = "PYTHON"
        mode.mark = self.at
        return self.at

    def flush_python(self, mode: _Python, at: int) -> None:
        if at > mode.mark:
            self.emit("PYTHON", mode.mark, at)

    def close_bracket(self, mode: _Python, char: str, at: int) -> bool:
        """Close a bracket; True if it was the brace that ends the expression."""
        brackets = mode.brackets
        if char == "}":
            while brackets and brackets[-1] != "{":
                brackets.pop()
            if not brackets:
                self.flush_python(mode, at)
                self.end_expression(at)
                return True
            brackets.pop()
        elif not brackets:
            raise self.fail(messages.unmatched_bracket((at, at + 1), char))
        elif brackets[-1] + char in ("()", "[]"):
            brackets.pop()
        return False

    def end_expression(self, at: int) -> None:
        self.emit("RBRACE", at, at + 1)
        self.at = at + 1
        self.modes.pop()

    def scan_operator(self, mode: _Python, char: str, at: int) -> bool:
        """An operator; True if it began markup, or the format that ends the expression."""
        if char == "<" and not mode.after_operand and _MARKUP_AHEAD.match(self.text, at):
            self.flush_python(mode, at)
            self.emit("MARKUP_START", at, at)
            self.modes.append(_Text([]))
            self.at = at
            return True
        if mode.brackets or char not in ":!":
            return False
        if mode.lambdas and char == ":":
            mode.lambdas -= 1
            return False
        if not mode.after_operand:
            return False  # a format needs something to be the format of
        if char == "!" and _CONVERSION.match(self.text, at):
            self.flush_python(mode, at)
            self.at = at
            self.eat("CONVERSION")
            self.at = _SPACE.match(self.text, self.at).end()  # type: ignore[union-attr]  # it always matches
            if self.text[self.at] == ":":
                self.scan_spec(mode, self.at)
            else:
                self.end_expression(self.at)
            return True
        if char == ":" and self.text[at + 1 : at + 2] != "=":
            self.flush_python(mode, at)
            self.scan_spec(mode, at)
            return True
        return False

    def scan_spec(self, mode: _Python, colon: int) -> None:
        """A format spec: everything from the colon to the closing brace."""
        try:
            stop = spec_end(self.text, colon + 1, mode.start)
        except Unterminated:
            stop = self.end
        if stop >= self.end:
            raise self.fail(messages.unclosed_expression((mode.start, mode.start + 1)))
        self.emit("SPEC", colon, stop)
        self.end_expression(stop)


_STRING_OR_COMMENT = re.compile(r"#[^\n]*|\b[A-Za-z]{0,2}(?:\"\"\"|\'\'\'|\"|\')|\"\"\"|\'\'\'|\"|\'")


def _closing_fence(text: str, start: int) -> "re.Match[str] | None":
    """The fence that closes the frontmatter: the first that is not inside a string."""
    fence = _CLOSING_FENCE.search(text, start)
    at = start
    while fence is not None and (found := _STRING_OR_COMMENT.search(text, at, fence.start())):
        at = found.end()
        opening = TOKEN.match(text, found.start())
        if opening is not None and opening.lastgroup == "string":
            try:
                at = string_end(text, opening)
            except Unterminated:
                return fence
            if at > fence.start():
                fence = _CLOSING_FENCE.search(text, at)
    return fence


_TAG_NAME = re.compile(r"[^\s/>{]*")
_DECLARED_WORD = r"(?<![\w.]){0}(?!\w)"


def tag_name(text: str, at: int) -> str:
    """The name of the tag of which the name begins at `at`."""
    return _TAG_NAME.match(text, at).group()  # type: ignore[union-attr]  # it always matches


def closes_itself(tag: str) -> bool:
    """Does a start tag end in a slash of its own? One at the end of an unquoted value belongs to the value."""
    return tag.endswith("/>") and _UNQUOTED_SLASH.search(tag) is None


_UNQUOTED_SLASH = re.compile(r"""=\s*[^\s"'>]+/>\Z""")


def is_component_name(name: str, frontmatter: str) -> bool:
    """Does a tag of this name name something in scope, rather than an HTML element?

    Old HTML writes its tags in capitals (`<P>`, `<TABLE>`): such a name is HTML's unless the frontmatter knows it.
    """
    if not name or not (name[0].isupper() or "." in name):
        return False
    if name.isupper() and name.lower() in _CAPITALISED_HTML:
        return re.search(_DECLARED_WORD.format(re.escape(name)), frontmatter) is not None
    return True


_CAPITALISED_HTML = frozenset(
    """html head title base link meta style body article section nav aside h1 h2 h3 h4 h5 h6 hgroup header footer address
    p hr pre blockquote ol ul menu li dl dt dd figure figcaption main search div a em strong small s cite q dfn abbr ruby
    rt rp data time code var samp kbd sub sup i b u mark bdi bdo span br wbr ins del picture source img iframe embed
    object video audio track map area table caption colgroup col tbody thead tfoot tr td th form label input button
    select datalist optgroup option textarea output progress meter fieldset legend details summary dialog script noscript
    template slot canvas center font tt big strike dir frameset frame noframes applet marquee basefont nobr acronym
    xmp plaintext listing isindex param""".split()
)
