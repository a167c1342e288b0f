"""How the parts of an item are said when two versions of it stand side by side."""

from collections.abc import Mapping
from datetime import date, datetime

from flask_babel import gettext

from booking.i18n import day_and_time, short_date
from booking.plan.messages import FIELD_NAMES, KIND_NAMES
from booking.plan.rules import ItemFacts, ItemKind


def said_facts(facts: ItemFacts, before: Mapping[str, str]) -> dict[str, str]:
    """Return each part by its name, as a reader says it; `before` are the names of what it could follow."""
    said = {name: _said(getattr(facts, name)) for name in FIELD_NAMES}
    said["after_id"] = before.get(str(facts.after_id or ""), "")
    return {gettext(FIELD_NAMES[name]): words for name, words in said.items()}


def _said(value: object) -> str:
    if isinstance(value, ItemKind):
        return str(gettext(KIND_NAMES[value]))
    if isinstance(value, datetime):
        return day_and_time(value)
    if isinstance(value, date):
        return short_date(value)
    if isinstance(value, bool):
        return str(gettext("Yes") if value else gettext("No"))
    return "" if value is None else str(value)
