"""A feed of what is new, written as RFC 4287 asks (Atom)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from xml.etree import ElementTree as ET

_ATOM: Final = "http://www.w3.org/2005/Atom"
# What XML 1.0 cannot hold at all, and what it can but no reader should be sent.
_UNFIT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, kw_only=True)
class Category:
    """A word that programs sort by, and how people read it."""

    term: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One activity in the feed."""

    id: str
    title: str
    summary: str
    language: str
    address: str
    author: str
    author_address: str
    published_at: datetime
    updated_at: datetime
    categories: Sequence[Category]


@dataclass(frozen=True, kw_only=True)
class Feed:
    """The feed itself."""

    id: str
    title: str
    language: str
    address: str
    page: str
    icon: str
    author: str
    updated_at: datetime
    entries: Sequence[Entry]


def render_feed(feed: Feed) -> bytes:
    """Return the feed as XML."""
    root = ET.Element("feed", {"xmlns": _ATOM, "xml:lang": feed.language})
    _add(root, "id", feed.id)
    _add(root, "title", feed.title)
    _add(root, "updated", _moment(feed.updated_at))
    ET.SubElement(root, "link", {"rel": "self", "type": "application/atom+xml", "href": feed.address})
    ET.SubElement(root, "link", {"rel": "alternate", "type": "text/html", "href": feed.page})
    _add(root, "icon", feed.icon)
    _add(ET.SubElement(root, "author"), "name", feed.author)
    for entry in feed.entries:
        _add_entry(root, entry)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _add_entry(root: ET.Element, entry: Entry) -> None:
    node = ET.SubElement(root, "entry", {"xml:lang": entry.language})
    _add(node, "id", entry.id)
    _add(node, "title", entry.title)
    _add(node, "published", _moment(entry.published_at))
    _add(node, "updated", _moment(entry.updated_at))
    ET.SubElement(node, "link", {"rel": "alternate", "type": "text/html", "href": entry.address})
    author = ET.SubElement(node, "author")
    _add(author, "name", entry.author)
    _add(author, "uri", entry.author_address)
    for category in entry.categories:
        ET.SubElement(node, "category", {"term": _fit(category.term), "label": _fit(category.label)})
    _add(node, "summary", entry.summary)


def _add(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, tag).text = _fit(text)


def _fit(text: str) -> str:
    return " ".join(_UNFIT.sub(" ", text).split())


def _moment(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
