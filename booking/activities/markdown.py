"""The long text of an activity: Markdown, made into HTML that can do no harm, or into plain text."""

import html
import re
from collections.abc import Sequence
from typing import Final

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

# No raw HTML in, and no pictures: a picture from elsewhere would tell that site who reads here.
# A line break is kept, as whoever pastes a text expects.
_MARKDOWN: Final = MarkdownIt("js-default", {"html": False, "linkify": False, "breaks": True}).disable(
    ["table", "html_block", "html_inline"]
)
_TAGS: Final = {
    "p",
    "ul",
    "ol",
    "li",
    "strong",
    "em",
    "a",
    "h2",
    "h3",
    "blockquote",
    "br",
    "hr",
    "code",
    "pre",
}
# The page has the one first heading, and its sections the second ones.
_HEADING: Final = re.compile(r"<(/?)h([1-6])>")
_ENDS_OF_BLOCKS: Final = re.compile(r"</(?:p|li|h2|h3|blockquote|pre)>|<br>|<hr>")
_TAG: Final = re.compile(r"<[^>]*>")


def _words_of_picture(
    _renderer: object, tokens: Sequence[Token], place: int, _options: object, _env: object
) -> str:
    return html.escape(tokens[place].content)


# What a picture shows may be told in words; the picture itself stays where it is.
_MARKDOWN.add_render_rule("image", _words_of_picture)


def as_html(text: str) -> Markup:
    """Return the text as HTML of a few plain tags; links lead only to the web and to mail addresses.

    Whatever stands in the text, no script, no picture and no style comes out (nh3 has the last word).
    """
    rendered = _HEADING.sub(
        lambda found: f"<{found[1]}h{2 if found[2] == '1' else 3}>", _MARKDOWN.render(text)
    )
    harmless = nh3.clean(
        rendered,
        tags=_TAGS,
        attributes={"a": {"href"}, "*": set()},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener",
    )
    return Markup(harmless)  # noqa: S704 – cleaned in the line above, and nowhere else


def plain_text(text: str) -> str:
    """Return the text without its marks, for calendars and search engines."""
    in_lines = _ENDS_OF_BLOCKS.sub("\n", as_html(text))
    bare = html.unescape(_TAG.sub("", in_lines))
    return "\n".join(line.strip() for line in bare.split("\n") if line.strip())
