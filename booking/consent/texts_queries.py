"""Finding the words that are agreed to: those in use, and every version before them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.consent.models import AgeRule, Wording
from booking.consent.queries import age_rule_at
from booking.consent.rules import WordingPurpose
from booking.libraries.rules import Language


@dataclass(frozen=True, kw_only=True)
class AgeRules:
    """The rule of ages in force, those that are to come, and those that were."""

    in_force: AgeRule
    coming: Sequence[AgeRule]
    past: Sequence[AgeRule]


def current_texts(session: Session, *, purpose: WordingPurpose) -> Mapping[Language, Wording]:
    """Return the words in use for the purpose, by language."""
    return all_current_texts(session)[purpose]


def all_current_texts(session: Session) -> Mapping[WordingPurpose, Mapping[Language, Wording]]:
    """Return all words in use, by purpose and language."""
    found: dict[WordingPurpose, dict[Language, Wording]] = defaultdict(dict)
    for wording in session.scalars(select(Wording).order_by(Wording.version)):
        found[wording.purpose][wording.language] = wording
    return found


def versions_of(session: Session, *, purpose: WordingPurpose) -> Mapping[Language, Sequence[Wording]]:
    """Return every version of the words for the purpose by language, the newest first."""
    found: dict[Language, list[Wording]] = {language: [] for language in Language}
    of_purpose = select(Wording).where(Wording.purpose == purpose)
    for wording in session.scalars(of_purpose.order_by(Wording.version.desc())):
        found[wording.language].append(wording)
    return found


def age_rules(session: Session, *, now: datetime) -> AgeRules:
    """Return the rules of ages; of two that begin at once the one that was decided last counts."""
    in_force = age_rule_at(session, now=now)
    rules = session.scalars(select(AgeRule).order_by(AgeRule.begins_at.desc(), AgeRule.id.desc())).all()
    return AgeRules(
        in_force=in_force,
        coming=[rule for rule in reversed(rules) if rule.begins_at > now],
        past=[rule for rule in rules if rule.begins_at <= now and rule.id != in_force.id],
    )
