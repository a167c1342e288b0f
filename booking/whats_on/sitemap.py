"""The list of pages that search engines may show, as sitemaps.org asks, each in all its languages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from xml.etree import ElementTree as ET

_SITEMAP: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XHTML: Final = "http://www.w3.org/1999/xhtml"


@dataclass(frozen=True, kw_only=True)
class Place:
    """A page: its address in each language, and when it last changed, if that is known."""

    addresses: Mapping[str, str]
    changed_at: datetime | None = None


def render_sitemap(places: Iterable[Place]) -> bytes:
    """Return the pages as XML: an entry for each address, and in each of them all the others."""
    root = ET.Element("urlset", {"xmlns": _SITEMAP, "xmlns:xhtml": _XHTML})
    for place in places:
        for address in place.addresses.values():
            _add(root, place, address)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _add(root: ET.Element, place: Place, address: str) -> None:
    node = ET.SubElement(root, "url")
    ET.SubElement(node, "loc").text = address
    if place.changed_at is not None:
        changed_at = place.changed_at.astimezone(UTC).isoformat(timespec="seconds")
        ET.SubElement(node, "lastmod").text = changed_at
    for language, other in place.addresses.items():
        alternate = {"rel": "alternate", "hreflang": language, "href": other}
        ET.SubElement(node, "xhtml:link", alternate)
