"""What staff see of pictures that are to be taken down: which, of whom, and since when."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from booking.activities.models import Activity, ActivityText, Occasion
from booking.consent.models import PictureTask
from booking.consent.picture_queries import done_tasks, open_tasks
from booking.consent.use_models import PictureUse
from booking.consent.use_queries import uses_at
from booking.libraries.rules import Language, best_text
from booking.people.models import Participant
from booking.staff.models import Account

_MOST_DONE: Final = 50


@dataclass(frozen=True, kw_only=True)
class PicturesToGo:
    """One thing to take down: of whom, unless the child was erased, from which activity, and from where.

    `used` are the places that staff noted.
    """

    task: PictureTask
    title: str
    child: Participant | None
    done_by: str | None
    used: Sequence[PictureUse]


def pictures_to_go(
    session: Session, *, library_ids: Collection[int], language: Language
) -> tuple[Sequence[PicturesToGo], Sequence[PicturesToGo]]:
    """Return what is to be taken down at these libraries, and the latest of what was."""
    to_do = open_tasks(session, library_ids=library_ids)
    done = done_tasks(session, library_ids=library_ids, most=_MOST_DONE)
    tasks = [*to_do, *done]
    titles = _titles(session, {task.occasion_id for task in tasks}, language)
    # Of what is done nobody needs to know any more whose pictures they were.
    children = _children(session, {task.participant_id for task in to_do if task.participant_id})
    names = _names(session, {task.account_id for task in done if task.account_id})
    used = uses_at(session, occasion_ids={task.occasion_id for task in to_do})
    seen = [
        PicturesToGo(
            task=task,
            title=titles[task.occasion_id],
            child=children.get(task.participant_id or 0),
            done_by=names.get(task.account_id or 0),
            used=used.get((task.occasion_id, task.purpose), ()),
        )
        for task in tasks
    ]
    return seen[: len(to_do)], seen[len(to_do) :]


def _titles(session: Session, numbers: Collection[int], language: Language) -> dict[int, str]:
    words = joinedload(Activity.texts).load_only(ActivityText.language, ActivityText.title)
    whole = joinedload(Occasion.activity).options(words)
    found = session.scalars(select(Occasion).where(Occasion.id.in_(numbers)).options(whole)).unique()
    return {occasion.id: best_text(occasion.activity.texts, language).title for occasion in found}


def _children(session: Session, numbers: Collection[int]) -> dict[int, Participant]:
    found = session.scalars(select(Participant).where(Participant.id.in_(numbers)))
    return {child.id: child for child in found}


def _names(session: Session, numbers: Collection[int]) -> dict[int, str]:
    found = session.execute(select(Account.id, Account.name).where(Account.id.in_(numbers)))
    return {row.id: row.name for row in found}
