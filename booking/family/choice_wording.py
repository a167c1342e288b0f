"""The words of what can be chosen in the forms of a family."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from flask_babel import gettext, ngettext

from booking.activities.models import Occasion
from booking.consent.messages import NEEDS
from booking.consent.models import Wording
from booking.consent.rules import ChildAnswer, WordingPurpose
from booking.consent.standing import PHOTOS
from booking.family.besides_rules import Besides
from booking.family.choices import Choices
from booking.i18n import listed
from booking.signups.agreeing import asked_at
from booking.signups.answers import Receipt
from booking.signups.showing import Invitation
from booking.signups.wording import if_not_all_choices, municipality_choices

_FOR_YOUTHS = (WordingPurpose.PERMISSION_SELF, WordingPurpose.NEWS)


def choices_for_guardians(page: Invitation) -> Choices:
    """Return what a guardian can choose, with the boxes that the activity asks for."""
    boxes = boxes_for_guardians(page.occasion, page.wordings)
    return replace(
        boxes,
        municipalities=municipality_choices(page.municipalities),
        at_home=page.occasion.activity.library.municipality_code,
        words={**boxes.words, **_digests(page.wordings, {WordingPurpose.NEWS})},
        if_not_all=if_not_all_choices(has_queue=page.occasion.has_queue),
    )


def boxes_for_guardians(occasion: Occasion, wordings: Mapping[WordingPurpose, Wording]) -> Choices:
    """Return the boxes for one child where an activity asks for them, and the leave to take part."""
    asked = asked_at(occasion) - {WordingPurpose.NEWS}
    boxes = _boxes(asked, wordings)
    return replace(boxes, words=_digests(wordings, {WordingPurpose.PERMISSION, *asked}))


def boxes_besides(left: Besides, wordings: Mapping[WordingPurpose, Wording]) -> Choices:
    """Return the boxes for what is left to be asked about one child."""
    needs = {WordingPurpose.NEEDS} if left.asks_needs else set()
    return _boxes(left.pictures | needs, wordings)


def thanks_for(receipt: Receipt) -> str:
    """Return what is said to somebody who has just said yes: who has a place now, all of them by name."""
    names = receipt.children
    if not names:
        return str(gettext("Thank you! We have your answer."))
    words = ngettext(
        "Thank you! %(children)s has a place.",
        "Thank you! %(children)s have a place each.",
        len(names),
        children=listed(names),
    )
    return str(words)


def _boxes(asked: Collection[WordingPurpose], wordings: Mapping[WordingPurpose, Wording]) -> Choices:
    return Choices(
        words=_digests(wordings, asked),
        photos=[(purpose.value, wordings[purpose].words) for purpose in PHOTOS if purpose in asked],
        child_answers=[
            (ChildAnswer.YES.value, gettext("Yes")),
            (ChildAnswer.NO.value, gettext("No")),
            (ChildAnswer.UNSURE.value, gettext("Does not know")),
        ],
        needs=[(need.value, gettext(words)) for need, words in NEEDS.items()]
        if WordingPurpose.NEEDS in asked
        else [],
    )


def choices_for_youths(page: Invitation) -> Choices:
    """Return what a youth can choose."""
    return Choices(
        municipalities=municipality_choices(page.municipalities),
        at_home=page.occasion.activity.library.municipality_code,
        words=_digests(page.wordings, set(_FOR_YOUTHS)),
        yes_or_no=[("yes", gettext("Yes")), ("no", gettext("No"))],
    )


def _digests(
    wordings: Mapping[WordingPurpose, Wording], purposes: Collection[WordingPurpose]
) -> dict[WordingPurpose, str]:
    return {purpose: wordings[purpose].digest for purpose in WordingPurpose if purpose in purposes}
