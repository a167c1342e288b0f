"""Saying yes to something besides taking part."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from booking.clock import Clock, local_date
from booking.consent.models import AgeRule, Consent
from booking.consent.picture_operations import ask_to_take_down, drop_tasks
from booking.consent.rules import (
    Capacity,
    ChildAnswer,
    Established,
    Step,
    TakenDownFor,
    Way,
    WordingPurpose,
)
from booking.consent.standing import ABOUT_AN_OCCASION, NO_FROM_THE_CHILD, PHOTOS, counts, lasts_until
from booking.consent.standing_queries import Key, age_of, ages_of, is_standing, newest_consents
from booking.people.models import Participant

_Step = dict[str, Any]
"""One row to be, by column."""


@dataclass(frozen=True, kw_only=True)
class Yes:
    """What was ticked for one child, and what the child itself answered."""

    participant: Participant
    purposes: frozenset[WordingPurpose]
    child_answer: ChildAnswer = ChildAnswer.NOT_ASKED


@dataclass(frozen=True, kw_only=True)
class Said:
    """Where, how and in what capacity a yes was said. `over_at` is when the last meeting ends."""

    library_id: int
    occasion_id: int | None
    over_at: datetime | None
    rule: AgeRule
    capacity: Capacity
    established: Established
    way: Way
    account_id: int | None = None


def record_consents(
    session: Session, clock: Clock, *, yeses: Sequence[Yes], texts: Mapping[WordingPurpose, int], said: Said
) -> None:
    """Keep each yes, tied to the words that were read (`texts`: their numbers, from `texts_shown`).

    What was said before stands no longer once something else is said: other words replace the older ones, the
    same words again renew them, and a child's own no takes back what stood. A yes that is none – of
    somebody too young to say it, or to pictures of a child who is shielded – is not kept.
    """
    if not any(each.purposes or each.child_answer in NO_FROM_THE_CHILD for each in yeses):
        return
    before = newest_consents(session, participant_ids=[each.participant.id for each in yeses])
    teller = _Teller(before=before, texts=texts, said=said, now=clock())
    steps = [step for each in yeses for step in teller.steps(each)]
    _see_to_pictures(session, clock, teller, steps)
    if steps:
        # Many rows in one statement: as objects, SQLite would be asked once for every box.
        session.execute(insert(Consent), steps, execution_options={"render_nulls": True})


def _see_to_pictures(session: Session, clock: Clock, teller: "_Teller", steps: Sequence[_Step]) -> None:
    # A child's own no takes pictures down; a yes said anew lets them stay, and nobody need look for them.
    taken_back = [step for step in steps if step["step"] is Step.WITHDRAWN]
    ended = [
        teller.before[step["participant_id"], step["purpose"], step["occasion_id"]] for step in taken_back
    ]
    ask_to_take_down(session, clock, consents=ended, reason=TakenDownFor.WITHDRAWN)
    said_anew = [
        key
        for step in steps
        if step["step"] is Step.GIVEN and step["purpose"] in PHOTOS
        for key in [(step["participant_id"], step["purpose"], step["occasion_id"])]
        if key in teller.before
    ]
    drop_tasks(session, keys=said_anew)


@dataclass(frozen=True, kw_only=True)
class _Teller:
    """What is to be written down of what was said, knowing what stood before."""

    before: Mapping[Key, Consent]
    texts: Mapping[WordingPurpose, int]
    said: Said
    now: datetime

    def steps(self, yes: Yes) -> Iterator[_Step]:
        """Return the steps for one child, in the order in which they happen."""
        given = sorted(purpose for purpose in yes.purposes if self._counts(purpose, yes))
        for purpose in PHOTOS:
            if purpose not in given and self._is_refused(yes):
                yield from self._taken_back(purpose, yes)
        for purpose in given:
            yield from self._given(purpose, yes)

    def _counts(self, purpose: WordingPurpose, yes: Yes) -> bool:
        child = yes.participant
        is_hidden = purpose in PHOTOS and child.is_shielded
        return (
            purpose in self.texts
            and not is_hidden
            and counts(
                purpose,
                capacity=self.said.capacity,
                child_answer=yes.child_answer,
                age=age_of(child),
                today=local_date(self.now),
                ages=ages_of(self.said.rule),
            )
        )

    def _is_refused(self, yes: Yes) -> bool:
        return yes.child_answer in NO_FROM_THE_CHILD or yes.participant.is_shielded

    def _taken_back(self, purpose: WordingPurpose, yes: Yes) -> Iterator[_Step]:
        standing = self._standing(purpose, yes)
        if standing is not None:
            yield self._step(yes, purpose, Step.WITHDRAWN, wording_id=standing.wording_id)

    def _given(self, purpose: WordingPurpose, yes: Yes) -> Iterator[_Step]:
        standing, wording_id = self._standing(purpose, yes), self.texts[purpose]
        until = lasts_until(purpose, given_at=self.now, over_at=self.said.over_at)
        if standing is None:
            yield self._step(yes, purpose, Step.GIVEN, wording_id=wording_id, expires_at=until)
        elif standing.wording_id != wording_id:
            yield self._step(yes, purpose, Step.REPLACED, wording_id=standing.wording_id)
            yield self._step(yes, purpose, Step.GIVEN, wording_id=wording_id, expires_at=until)
        elif _is_later(until, standing.expires_at):
            yield self._step(yes, purpose, Step.RENEWED, wording_id=wording_id, expires_at=until)

    def _standing(self, purpose: WordingPurpose, yes: Yes) -> Consent | None:
        found = self.before.get((yes.participant.id, purpose, self._about(purpose)))
        return found if found is not None and is_standing(found, self.now) else None

    def _about(self, purpose: WordingPurpose) -> int | None:
        return self.said.occasion_id if purpose in ABOUT_AN_OCCASION else None

    def _step(
        self,
        yes: Yes,
        purpose: WordingPurpose,
        step: Step,
        wording_id: int,
        expires_at: datetime | None = None,
    ) -> _Step:
        return {
            "participant_id": yes.participant.id,
            "purpose": purpose,
            "occasion_id": self._about(purpose),
            "library_id": self.said.library_id,
            "wording_id": wording_id,
            "step": step,
            "capacity": self.said.capacity,
            "established": self.said.established,
            "way": self.said.way,
            "child_answer": yes.child_answer,
            "at": self.now,
            "expires_at": expires_at,
            "account_id": self.said.account_id,
            "age_rule_id": self.said.rule.id,
        }


def _is_later(until: datetime | None, before: datetime | None) -> bool:
    return until is not None and before is not None and before < until
