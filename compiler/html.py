"""What the HTML standard says of its elements and attributes, as far as a compiler needs it."""

VOID_ELEMENTS = frozenset("area base br col embed hr img input link meta param source track wbr".split())
"""Elements that have no end tag (HTML standard, 13.1.2)."""

RAW_TEXT_ELEMENTS = frozenset("script style math iframe noembed noframes plaintext xmp".split())
"""Elements whose content is text in which braces mean nothing."""

TEXT_ELEMENTS = frozenset({"textarea", "title"})
"""Escapable raw text elements: text with character references and expressions, but no tags."""

OPTIONAL_END_TAGS = frozenset(
    "html head body li dt dd p rt rp optgroup option thead tbody tfoot tr td th colgroup caption".split()
)
"""Elements whose end tag may be omitted (HTML standard, 13.1.2.4)."""

NEWLINE_DROPPING_ELEMENTS = frozenset({"pre", "textarea", "listing"})
"""Elements of which HTML drops a newline right behind the start tag."""

UNSCOPED_ELEMENTS = frozenset("head title meta link script style noscript slot base".split())
"""Elements that never get a scope attribute: nothing of them is painted."""

CLOSES = {
    "li": ("li",),
    "dt": ("dt", "dd"),
    "dd": ("dt", "dd"),
    "option": ("option",),
    "optgroup": ("option", "optgroup"),
    "tr": ("tr", "td", "th"),
    "td": ("td", "th"),
    "th": ("td", "th"),
    "thead": ("caption", "colgroup"),
    "tbody": ("thead", "tbody", "tr", "td", "th"),
    "tfoot": ("thead", "tbody", "tr", "td", "th"),
    "rt": ("rt", "rp"),
    "rp": ("rt", "rp"),
    "body": ("head",),
}
"""Open elements that a start tag of the given name ends when their own end tag was left out."""

CLOSES_P = frozenset(
    """address article aside blockquote details div dl fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header
    hgroup hr main menu nav ol p pre search section table ul""".split()
)
"""Start tags that end an open `<p>` (HTML standard, 13.1.2.4)."""

BOOLEAN_ATTRIBUTES = frozenset(
    """allowfullscreen async autofocus autoplay checked controls default defer disabled formnovalidate inert ismap itemscope
    loop multiple muted nomodule novalidate open playsinline readonly required reversed selected""".split()
)
"""HTML's boolean attributes: they are there or not."""

SPECIAL_ATTRIBUTES = BOOLEAN_ATTRIBUTES | frozenset(
    """action archive background by cite class classid codebase contenteditable data draggable dynsrc formaction from
    href icon imagesrcset longdesc lowsrc manifest ping poster profile spellcheck src srcset style to usemap values
    xlink:href""".split()
)
"""Attributes of which the value has a meaning that a plain escape does not heed: boolean and enumerated ones, URLs, class
and style. The runtime's own table decides; a test holds the two together.
"""

ELEMENTS = frozenset(
    """html head title base link meta style body article section nav aside h1 h2 h3 h4 h5 h6 hgroup header footer address
    p hr pre blockquote ol ul menu li dl dt dd figure figcaption main search div a em strong small s cite q dfn abbr ruby
    rt rp data time code var samp kbd sub sup i b u mark bdi bdo span br wbr ins del picture source img iframe embed
    object video audio track map area table caption colgroup col tbody thead tfoot tr td th form label input button
    select datalist optgroup option textarea output progress meter fieldset legend details summary dialog script noscript
    template slot canvas center font tt big strike dir frameset frame noframes applet marquee basefont nobr acronym
    xmp plaintext listing isindex param""".split()
)
"""HTML's own elements, the obsolete ones included."""
