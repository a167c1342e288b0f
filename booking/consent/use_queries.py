"""Finding where pictures from an occasion were used."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.consent.rules import WordingPurpose
from booking.consent.use_models import PictureUse
from booking.errors import NotFound

# By occasion and by what the pictures were used for.
Used = Mapping[tuple[int, WordingPurpose], Sequence[PictureUse]]


def uses_of(session: Session, *, occasion_id: int) -> Sequence[PictureUse]:
    """Return where pictures from the occasion were used, the newest first."""
    mine = select(PictureUse).where(PictureUse.occasion_id == occasion_id)
    return session.scalars(mine.order_by(PictureUse.used_on.desc(), PictureUse.id.desc())).all()


def uses_at(session: Session, *, occasion_ids: Collection[int]) -> Used:
    """Return where pictures from these occasions were used, by occasion and purpose."""
    found = select(PictureUse).where(PictureUse.occasion_id.in_(occasion_ids))
    used: dict[tuple[int, WordingPurpose], list[PictureUse]] = {}
    for use in session.scalars(found.order_by(PictureUse.used_on, PictureUse.id)):
        used.setdefault((use.occasion_id, use.purpose), []).append(use)
    return used


def get_own_use(session: Session, use_id: int, *, library_ids: Collection[int]) -> PictureUse:
    """Return where a picture of one of these libraries was used, or raise NotFound."""
    own = (PictureUse.id == use_id, PictureUse.library_id.in_(library_ids))
    use = session.scalar(select(PictureUse).where(*own).with_for_update())
    if use is None:
        raise NotFound
    return use


def find_use(session: Session, *, occasion_id: int, purpose: WordingPurpose, place: str) -> PictureUse | None:
    """Return the line about the same place for the same purpose, if there is one."""
    same = select(PictureUse).where(
        PictureUse.occasion_id == occasion_id, PictureUse.purpose == purpose, PictureUse.place == place
    )
    return session.scalars(same.limit(1)).first()
