"""A box of what is on for another site, and the code that puts it there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import url_for
from flask_babel import gettext
from markupsafe import Markup

from booking.activities.showing import Card
from booking.errors import NotFound
from booking.i18n import in_language
from booking.libraries.models import Library
from booking.libraries.rules import Language
from booking.pages import public_url
from booking.whats_on.machine_rules import Order
from booking.whats_on.rules import as_args


@dataclass(frozen=True, kw_only=True)
class Sort:
    """One sort of box: the view that shows it, its template, and how much of a page it takes up."""

    endpoint: str
    template: str
    is_each_once: bool
    usual_count: int
    height: int


SORTS: Final[Mapping[str, Sort]] = {
    "list": Sort(
        endpoint="whats_on.embed_activities",
        template="whats_on/embed_list.html",
        is_each_once=True,
        usual_count=10,
        height=720,
    ),
    "next": Sort(
        endpoint="whats_on.embed_next",
        template="whats_on/embed_next.html",
        is_each_once=False,
        usual_count=5,
        height=520,
    ),
}
_LINE: Final = Markup(
    '<iframe src="{address}" title="{title}" width="100%" height="{height}" loading="lazy"'
    ' style="border:0;max-width:40rem"></iframe>'
)


@dataclass(frozen=True, kw_only=True)
class Box:
    """What stands in a box."""

    order: Order
    library: Library | None
    cards: Sequence[Card]


@dataclass(frozen=True, kw_only=True)
class Code:
    """The line to copy, and the same box here to look at."""

    line: str
    address: str
    title: str
    language: Language
    height: int


def sort_of(name: str) -> Sort:
    """Return the sort of box by its name, or raise NotFound."""
    if name not in SORTS:
        raise NotFound
    return SORTS[name]


def code_for(sort: Sort, *, order: Order, library: Library | None) -> Code:
    """Return the line that puts the box on a site, with a title for those who do not see it."""
    with in_language(order.language):
        title = _title_of(library)
    values: dict[str, Any] = {**as_args(order.wish), "count": order.count, "lang": order.language.value}
    address = public_url(sort.endpoint, **values)
    return Code(
        line=str(_LINE.format(address=address, title=title, height=sort.height)),
        address=url_for(sort.endpoint, **values),
        title=title,
        language=order.language,
        height=sort.height,
    )


def _title_of(library: Library | None) -> str:
    if library is None:
        return str(gettext("What’s on at the libraries"))
    return str(gettext("What’s on at %(library)s", library=library.name))
