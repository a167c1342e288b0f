"""What the page of the plan shows: each item with its window and where it stands, begun or to come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from booking.libraries.rules import Language, best_text
from booking.plan.models import PlanItem
from booking.plan.queries import facts_of
from booking.plan.rules import ItemFacts
from booking.plan.window_rules import Stand, Window, stand_of, too_early, window_of


@dataclass(frozen=True, kw_only=True)
class Title:
    """What an item is called in one language."""

    language: Language
    text: str


@dataclass(frozen=True, kw_only=True)
class Line:
    """An item as the page shows it."""

    item: PlanItem
    facts: ItemFacts
    title: Title
    window: Window
    stand: Stand


@dataclass(frozen=True, kw_only=True)
class Shown:
    """The plan on a day; `too_early` are items with the ones that they follow and should wait for."""

    today: date
    begun: Sequence[Line]
    coming: Sequence[Line]
    too_early: Sequence[tuple[Line, Line]]


def title_of(facts: ItemFacts, language: str) -> Title:
    """Return the title in the language, or in the one that its readers understand best."""
    texts = {Language.NB: facts.title, Language.NN: facts.title_nn, Language.EN: facts.title_en}
    return best_text([Title(language=each, text=text) for each, text in texts.items() if text], language)


def shown_plan(items: Sequence[PlanItem], *, language: str, today: date) -> Shown:
    """Return the plan for its page, in the order in which the items were given."""
    lines = {item.id: _line(item, language, today) for item in items}
    plan = {number: (line.facts, line.item.state) for number, line in lines.items()}
    return Shown(
        today=today,
        begun=[line for line in lines.values() if line.facts.first_on <= today],
        coming=[line for line in lines.values() if line.facts.first_on > today],
        too_early=[(lines[number], lines[before]) for number, before in too_early(plan, today)],
    )


def _line(item: PlanItem, language: str, today: date) -> Line:
    facts = facts_of(item)
    return Line(
        item=item,
        facts=facts,
        title=title_of(facts, language),
        window=window_of(facts),
        stand=stand_of(facts, item.state, today),
    )
