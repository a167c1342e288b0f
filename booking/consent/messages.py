"""The sentences of this room."""

from collections.abc import Mapping
from typing import Final

from booking.consent.needs import Need
from booking.consent.rules import Capacity, ChildAnswer, Established, Step, Way, WordingPurpose
from booking.i18n import N_

WORDS: Final[Mapping[str, str]] = {
    "wording_changed": N_("We have changed this text since you opened the page. Read it again, and tick it."),
    "need_unknown": N_("Choose what the child needs from the list."),
    "needs_too_long": N_("Use one short line, at most %(most)s characters."),
    "needs_not_plain": N_("Use plain words only, no web or e-mail addresses."),
    "needs_not_agreed": N_("Tick the box that lets us keep this, or leave it out."),
    "needs_unreadable": N_("The note was sealed with a key that is gone. Ask the family again."),
    "agreed_words_missing": N_("Write what is agreed to."),
    "agreed_words_too_long": N_("The text is longer than anybody reads. Use at most 1,500 characters."),
    "texts_unchanged": N_("These words are in use already. Change something, or leave the page."),
    "texts_not_looked_at": N_("Look at what changes first."),
    "age_unreadable": N_("Write an age in whole years, from 0 to 25."),
    "age_out_of_reason": N_("Write an age from 0 to %(most)s."),
    "rule_ages_out_of_order": N_("This age cannot be lower than the one above it."),
    "rule_day_unreadable": N_("Choose the day from which the rule holds."),
    "yes_has_ended": N_("This yes has ended already. Nothing is taken for a yes that you did not give."),
    "picture_used_in_the_future": N_("Choose today or a day gone by."),
    "rule_in_the_past": N_("A rule cannot begin in the past. Choose today or a later day."),
}

PURPOSES: Final[Mapping[WordingPurpose, str]] = {
    WordingPurpose.PERMISSION: N_("Permission to take part"),
    WordingPurpose.PERMISSION_SELF: N_("Signing oneself up"),
    WordingPurpose.PHOTO_INTERNAL: N_("Pictures inside the library"),
    WordingPurpose.PHOTO_WEB: N_("Pictures on the library’s website"),
    WordingPurpose.PHOTO_SOCIAL: N_("Pictures in social media"),
    WordingPurpose.PHOTO_PRINT: N_("Pictures in print"),
    WordingPurpose.PHOTO_PRESS: N_("Pictures taken by the press"),
    WordingPurpose.NEEDS: N_("What the child needs"),
    WordingPurpose.NEWS: N_("News of new activities"),
}

# For those who write the words: where they are read.
PURPOSE_HINTS: Final[Mapping[WordingPurpose, str]] = {
    WordingPurpose.PERMISSION: N_("A guardian ticks it to sign a child up, and says it to a youth’s wish."),
    WordingPurpose.PERMISSION_SELF: N_("A youth ticks it to sign up alone."),
    WordingPurpose.PHOTO_INTERNAL: N_("Asked where the activity asks for it. Nobody has to say yes."),
    WordingPurpose.PHOTO_WEB: N_("Asked where the activity asks for it. Nobody has to say yes."),
    WordingPurpose.PHOTO_SOCIAL: N_("Asked where the activity asks for it. Nobody has to say yes."),
    WordingPurpose.PHOTO_PRINT: N_("Asked where the activity asks for it. Nobody has to say yes."),
    WordingPurpose.PHOTO_PRESS: N_("Asked where the activity asks for it. Nobody has to say yes."),
    WordingPurpose.NEEDS: N_("Asked where the activity asks what a child needs. Nobody has to answer."),
    WordingPurpose.NEWS: N_("Asked of everybody who signs up. Nobody has to say yes."),
}

# What a family is told when it has taken a yes back.
AFTER_WITHDRAWAL: Final[Mapping[WordingPurpose, str]] = {
    WordingPurpose.PHOTO_INTERNAL: N_(
        "From now on we take no pictures of the child for this, and we take down those that hang in the "
        "library."
    ),
    WordingPurpose.PHOTO_WEB: N_(
        "From now on we take no pictures of the child for this, and we remove those on our website."
    ),
    WordingPurpose.PHOTO_SOCIAL: N_(
        "From now on we take no pictures of the child for this, and we remove those on our pages. What "
        "others have shared on, we cannot take back."
    ),
    WordingPurpose.PHOTO_PRINT: N_(
        "From now on we do not use pictures of the child in print. What is printed already, we cannot take "
        "back."
    ),
    WordingPurpose.PHOTO_PRESS: N_(
        "From now on we tell the press not to take pictures of the child. What it has printed or put out is "
        "not in our hands."
    ),
    WordingPurpose.NEEDS: N_("What you told us that the child needs is erased."),
    WordingPurpose.NEWS: N_("From now on we do not write to you about new activities."),
}

STEPS: Final[Mapping[Step, str]] = {
    Step.GIVEN: N_("said yes"),
    Step.RENEWED: N_("said yes again"),
    Step.WITHDRAWN: N_("took it back"),
    Step.EXPIRED: N_("ended by itself"),
    Step.REPLACED: N_("replaced by a newer text"),
}

WAYS: Final[Mapping[Way, str]] = {
    Way.FORM: N_("on the form"),
    Way.LINK: N_("by the link in a letter"),
    Way.FAMILY_PAGE: N_("on the family’s page"),
    Way.DESK: N_("at the desk"),
    Way.PHONE: N_("by phone"),
    Way.PAPER: N_("on paper"),
    Way.BY_ITSELF: N_("by itself"),
}

CAPACITIES: Final[Mapping[Capacity, str]] = {
    Capacity.PARENT: N_("a parent"),
    Capacity.OTHER_GUARDIAN: N_("another guardian"),
    Capacity.SELF: N_("the youth"),
}

ESTABLISHED: Final[Mapping[Established, str]] = {
    Established.SELF_DECLARED: N_("as they said themselves"),
    Established.AT_THE_DESK: N_("shown at the desk"),
    Established.BY_PHONE: N_("said by phone"),
    Established.ON_PAPER: N_("signed on paper"),
}

CHILD_ANSWERS: Final[Mapping[ChildAnswer, str]] = {
    ChildAnswer.YES: N_("The child said yes"),
    ChildAnswer.NO: N_("The child said no"),
    ChildAnswer.UNSURE: N_("The child does not know, which counts as a no"),
    ChildAnswer.NOT_ASKED: N_("The child was not asked"),
}

NEEDS: Final[Mapping[Need, str]] = {
    Need.NO_NUTS: N_("Food without nuts"),
    Need.NO_GLUTEN: N_("Food without gluten"),
    Need.NO_LACTOSE: N_("Food without milk or lactose"),
    Need.NO_EGG: N_("Food without egg"),
    Need.NO_FISH: N_("Food without fish or shellfish"),
    Need.VEGETARIAN: N_("Food without meat"),
    Need.NO_PORK: N_("Food without pork"),
    Need.WHEELCHAIR: N_("Room for a wheelchair"),
    Need.HEARING_LOOP: N_("A hearing loop"),
    Need.SIGN_LANGUAGE: N_("A sign language interpreter"),
    Need.LARGE_PRINT: N_("Large print"),
    Need.QUIET_PLACE: N_("A quiet place to rest"),
    Need.COMPANION: N_("Somebody comes along to help"),
}
