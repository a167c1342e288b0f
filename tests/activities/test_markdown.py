"""The long text: Markdown in, harmless HTML out."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.activities.markdown import as_html, plain_text


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Vi *spiller* sammen.", "<p>Vi <em>spiller</em> sammen.</p>"),
        ("En\n\nTo", "<p>En</p>\n<p>To</p>"),
        ("En\nTo", "<p>En<br>\nTo</p>"),
        ("# Først\n## Så", "<h2>Først</h2>\n<h3>Så</h3>"),
        ("- lim\n- saks", "<ul>\n<li>lim</li>\n<li>saks</li>\n</ul>"),
        (
            "[Les mer](https://example.org)",
            '<p><a href="https://example.org" rel="nofollow noopener">Les mer</a></p>',
        ),
    ],
)
def test_a_few_plain_marks_are_understood(written: str, shown: str) -> None:
    assert as_html(written).strip() == shown


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "[klikk](javascript:alert(1))",
        "[klikk](data:text/html;base64,AAAA)",
        "![se](https://example.org/pixel.png)",
        '<img src="x" onerror="alert(1)">',
        "<b onmouseover=alert(1)>hei",
        "<style>body{display:none}</style>",
        '[x](https://example.org "onclick=alert(1)")',
        "<!--[if gte mso 9]><xml><o:OfficeDocumentSettings></xml><![endif]--> limt inn fra Word",
    ],
)
def test_what_could_do_harm_does_not_come_out(hostile: str) -> None:
    _check_harmless(as_html(hostile))


_PIECES = st.sampled_from(
    [
        *(
            "<",
            ">",
            '"',
            "'",
            "&",
            "`",
            "[",
            "]",
            "(",
            ")",
            "!",
            "\n",
            "\n\n",
            "    ",
            "#",
            "*",
            "_",
            "-",
            "\\",
        ),
        *(
            "<script>",
            "</script>",
            "<img src=x onerror=alert(1)>",
            "javascript:",
            "data:",
            "https://example.org",
        ),
        *(
            "![a](b)",
            "<svg onload=alert(1)>",
            "<a href=javascript:x>",
            "&#106;avascript:",
            "\x00",
            "\u202e",
            "🎲",
        ),
    ]
)


@given(st.lists(st.one_of(_PIECES, st.text(max_size=8)), max_size=25))
def test_whatever_is_written_nothing_but_a_few_plain_tags_comes_out(pieces: list[str]) -> None:
    _check_harmless(as_html("".join(pieces)))


def _check_harmless(shown: str) -> None:
    for tag in re.findall(r"<[^>]*>", shown):
        assert re.fullmatch(
            r"</?(p|br|hr|h2|h3|ul|ol|li|strong|em|blockquote|code|pre|a)>"
            r'|<a href="(https?|mailto):[^"<>]*" rel="nofollow noopener">'
            r'|<a href="[^":<>]*" rel="nofollow noopener">|<a rel="nofollow noopener">',
            tag,
        ), tag


def test_a_calendar_gets_the_words_without_the_marks() -> None:
    written = (
        "# Spillkveld\n\nVi spiller **brettspill** & drikker brus.\n\n- lim\n- [saks](https://example.org)"
    )

    assert plain_text(written) == "Spillkveld\nVi spiller brettspill & drikker brus.\nlim\nsaks"
