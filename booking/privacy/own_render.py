"""Writing all that is kept about a family as a file that machines can read."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from booking.consent.models import Consent, NeedsNote, Permission, PictureTask
from booking.consent.needs import Needs
from booking.consent.shared_models import Accord, HalfYes
from booking.people.models import Participant
from booking.privacy.own_queries import Everything
from booking.signups.models import Signup


def to_json(everything: Everything, *, made_at: datetime) -> str:
    """Return the file: instants in ISO 8601, codes as the service keeps them, no secrets."""
    told = {
        "made_at": made_at.isoformat(),
        "family": _family(everything),
        "children": [_child(everything, child) for child in everything.family.participants],
        "letters_on_their_way": [
            {"kind": letter.template, "written_at": letter.written_at.isoformat()}
            for letter in everything.letters
        ],
        "record": [
            {"at": entry.at.isoformat(), "by": entry.actor.value, "what": entry.action}
            for entry in everything.record
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=2)


def _family(everything: Everything) -> dict[str, Any]:
    family = everything.family
    return {
        "email": family.email,
        "new_email": family.new_email,
        "contact_name": family.contact_name,
        "phone": family.phone,
        "language": family.language.value,
        "wants_sms": family.wants_sms,
        "known_since": family.known_since.isoformat(),
        "verified_at": _instant(family.verified_at),
        "calendar": _calendar(everything),
    }


def _calendar(everything: Everything) -> dict[str, Any]:
    family, link = everything.family, everything.calendar
    return {
        "title": family.calendar_title.value,
        "names": family.calendar_names.value,
        "has_address": link is not None,
        "made_at": _instant(link.issued_at) if link else None,
        "fetched_at": _instant(link.fetched_at) if link else None,
        "fetched_by": link.fetched_by.value if link and link.fetched_by else None,
    }


def _child(everything: Everything, child: Participant) -> dict[str, Any]:
    def own(rows: Iterable[Any]) -> list[Any]:
        return [row for row in rows if row.participant_id == child.id]

    return {
        "first_name": child.first_name,
        "last_name": child.last_name,
        "birth_year": child.birth_year,
        "is_by_grade": child.is_by_grade,
        "declared_age": child.declared_age,
        "declared_on": child.declared_on.isoformat() if child.declared_on else None,
        "municipality_code": child.municipality_code,
        "is_shielded": child.is_shielded,
        "is_own_contact": child.is_own_contact,
        "known_since": child.known_since.isoformat(),
        "guardians": [{"email": each.email, "name": each.name} for each in own(everything.guardians)],
        "sign_ups": [_signup(everything, signup) for signup in own(everything.signups)],
        "permissions": [_permission(everything, each) for each in own(everything.permissions)],
        "consents": [_consent(everything, each) for each in own(everything.consents)],
        "waiting_for_another_yes": [_half(everything, each) for each in own(everything.half_yeses)],
        "pictures_to_take_down": [_pictures(everything, each) for each in own(everything.pictures)],
        "needs": [
            _needs(everything, note, told)
            for note, told in everything.needs
            if note.participant_id == child.id
        ],
        "attendance": [
            {
                "starts_at": meeting.starts_at.isoformat(),
                "standing": mark.standing.value,
                "noted_at": mark.happened_at.isoformat(),
            }
            for mark, meeting in everything.marks
            if mark.participant_id == child.id
        ],
    }


def _signup(everything: Everything, signup: Signup) -> dict[str, Any]:
    return {
        "title": everything.titles[signup.occasion_id],
        "library": signup.occasion.activity.library.name,
        "meetings": [
            {"starts_at": meeting.starts_at.isoformat(), "ends_at": meeting.ends_at.isoformat()}
            for meeting in signup.occasion.meetings
        ],
        "state": signup.state.value,
        "asked_at": signup.asked_at.isoformat(),
        "held_until": _instant(signup.held_until),
        "reply": signup.reply,
        "history": [
            {
                "at": move.at.isoformat(),
                "from": move.from_state.value if move.from_state else None,
                "to": move.to_state.value,
                "by": move.mover.value,
                "note": move.note,
            }
            for move in signup.moves
        ],
    }


def _needs(everything: Everything, note: NeedsNote, told: Needs | None) -> dict[str, Any]:
    return {
        "title": everything.titles.get(note.occasion_id),
        "written_at": note.written_at.isoformat(),
        "choices": [need.value for need in told.choices] if told else None,
        "line": told.line if told else None,
    }


def _permission(everything: Everything, permission: Permission) -> dict[str, Any]:
    return {
        "title": everything.titles.get(permission.occasion_id),
        "given_at": permission.given_at.isoformat(),
        "capacity": permission.capacity.value,
        "established": permission.established.value,
        "words": permission.wording.words,
        "words_digest": permission.wording.digest,
    }


def _consent(everything: Everything, consent: Consent) -> dict[str, Any]:
    return {
        "purpose": consent.purpose.value,
        "title": everything.titles.get(consent.occasion_id or 0),
        "step": consent.step.value,
        "at": consent.at.isoformat(),
        "expires_at": _instant(consent.expires_at),
        "capacity": consent.capacity.value,
        "established": consent.established.value,
        "way": consent.way.value,
        "child_answer": consent.child_answer.value,
        "words": consent.wording.words,
        "words_digest": consent.wording.digest,
        "rests_on": _rests_on(everything.accords.get(consent.id)),
    }


def _rests_on(accord: Accord | None) -> dict[str, Any] | None:
    if accord is None:
        return None
    return {
        "whose_yes": accord.rests_on.value,
        "first_said_at": accord.first_said_at.isoformat(),
        "other_said_at": _instant(accord.other_said_at),
    }


def _half(everything: Everything, half: HalfYes) -> dict[str, Any]:
    return {
        "purpose": half.purpose.value,
        "title": everything.titles.get(half.occasion_id),
        "said_at": half.said_at.isoformat(),
        "other_guardian_asked_at": _instant(half.asked_at),
        "runs_out_at": half.runs_out_at.isoformat(),
    }


def _pictures(everything: Everything, task: PictureTask) -> dict[str, Any]:
    return {
        "purpose": task.purpose.value,
        "title": everything.titles.get(task.occasion_id),
        "reason": task.reason.value,
        "opened_at": task.opened_at.isoformat(),
        "done_at": _instant(task.done_at),
    }


def _instant(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
