"""Saying yes to something besides taking part."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from booking.clock import Clock, local_date
from booking.consent.half_operations import drop_half_yeses, keep_half_yeses
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
from booking.consent.shared import takes_all
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
    """Where, how and in what capacity a yes was said. `over_at` is when the last meeting ends.

    `is_settled` says that nobody else's yes is missing to what takes all who share the responsibility.
    """

    library_id: int
    occasion_id: int | None
    over_at: datetime | None
    rule: AgeRule
    capacity: Capacity
    established: Established
    way: Way
    account_id: int | None = None
    is_settled: bool = False


def record_consents(
    session: Session, clock: Clock, *, yeses: Sequence[Yes], texts: Mapping[WordingPurpose, int], said: Said
) -> None:
    """Keep each yes, tied to the words that were read (`texts`: their numbers, from `texts_shown`).

    What was said before stands no longer once something else is said: other words replace the older ones, the
    same words again renew them, and a child's own no takes back what stood. A yes that is none – of
    somebody too young to say it, or to pictures of a child who is shielded – is not kept. One that takes
    others too is kept as half a yes, which is no consent; what stood before stands until it is whole.
    """
    if not any(each.purposes or each.child_answer in NO_FROM_THE_CHILD for each in yeses):
        return
    before = newest_consents(session, participant_ids=[each.participant.id for each in yeses])
    teller = _Teller(before=before, texts=texts, said=said, now=clock())
    steps = [step for each in yeses for step in teller.steps(each)]
    _see_to_pictures(session, clock, teller, steps)
    _see_to_halves(session, teller, yeses)
    if steps:
        # Many rows in one statement: as objects, SQLite would be asked once for every box.
        session.execute(insert(Consent), steps, execution_options={"render_nulls": True})


def _see_to_pictures(session: Session, clock: Clock, teller: "_Teller", steps: Sequence[_Step]) -> None:
    # A child's own no takes pictures down; a yes said anew lets them stay, and nobody need look for them.
    ended = [teller.before[_key(step)] for step in steps if step["step"] is Step.WITHDRAWN]
    ask_to_take_down(session, clock, consents=ended, reason=TakenDownFor.WITHDRAWN)
    given = [_key(step) for step in steps if step["step"] is Step.GIVEN and step["purpose"] in PHOTOS]
    drop_tasks(session, keys=[key for key in given if key in teller.before])


def _key(step: _Step) -> Key:
    return step["participant_id"], step["purpose"], step["occasion_id"]


def _see_to_halves(session: Session, teller: "_Teller", yeses: Sequence[Yes]) -> None:
    # Of a child that became known just now nothing waits from before.
    refused = [each.participant for each in yeses if teller.is_refused(each)]
    known = [child.id for child in refused if child.known_since < teller.now]
    if known:
        drop_half_yeses(session, participant_ids=known, occasion_id=teller.said.occasion_id)
    halves = [half for each in yeses for half in teller.halves(each)]
    if halves:
        keep_half_yeses(session, said=halves, now=teller.now, over_at=teller.said.over_at)


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
            if purpose not in given and self.is_refused(yes):
                yield from self._taken_back(purpose, yes)
        for purpose in given:
            if not self._is_half(purpose):
                yield from self._given(purpose, yes)

    def halves(self, yes: Yes) -> Iterator[_Step]:
        """Return what is only half a yes for one child, until it is known that nobody else's is missing."""
        for purpose in PHOTOS:
            if purpose in yes.purposes and self._is_half(purpose) and self._counts(purpose, yes):
                yield self._step(yes, purpose, Step.GIVEN, wording_id=self.texts[purpose])

    def is_refused(self, yes: Yes) -> bool:
        """Tell whether the child's own no, or its shield, refuses pictures."""
        return yes.child_answer in NO_FROM_THE_CHILD or yes.participant.is_shielded

    def _is_half(self, purpose: WordingPurpose) -> bool:
        return not self.said.is_settled and takes_all(purpose, capacity=self.said.capacity)

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
        elif until and standing.expires_at and standing.expires_at < until:
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
