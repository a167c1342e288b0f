"""The sentences about accounts, signing in and libraries."""

from collections.abc import Mapping
from typing import Final

from booking.audit.models import Actor
from booking.i18n import N_
from booking.staff.rules import Role

WORDS: Final[Mapping[str, str]] = {
    "wrong_sign_in": N_(
        "The e-mail address and the password do not belong together. Try again, or ask for a new password."
    ),
    "sign_in_timed_out": N_("That took too long. Start again with your password."),
    "wrong_password": N_("That is not your password. Try again."),
    "wrong_code": N_("The code is not right. Wait for the next one in the app, and type all six digits."),
    "wrong_passkey": N_("The passkey could not be checked. Try again, or use a code instead."),
    "code_missing": N_("Type the code."),
    "password_missing": N_("Type your password."),
    "new_password_missing": N_("Choose a password."),
    "password_too_short": N_("The password is too short. Use at least 8 characters; 15 or more is better."),
    "password_too_long": N_("The password is too long. Use at most 128 characters."),
    "password_too_common": N_(
        "Many people use a password like this, so it is easily guessed. Three or four words that do not "
        "belong together make a good one."
    ),
    "second_factor_needed": N_(
        "Your role needs a second step at sign-in. Add another way before you remove this one."
    ),
    "admin_there": N_("There is an administrator already. They can invite others on the page Accounts."),
    "email_taken": N_("Somebody has an account with this e-mail address already."),
    "no_role": N_("Choose at least one role."),
    "last_admin": N_(
        "This is the only administrator who can sign in. Make somebody else an administrator first."
    ),
    "staff_email_missing": N_("Write the e-mail address."),
    "staff_email_wrong": N_("Write one e-mail address, such as name@example.org."),
    "staff_name_missing": N_("Write the name."),
    "staff_name_too_long": N_("The name is too long. Use at most 80 characters."),
    "staff_name_odd": N_("Write the name with letters only."),
    "staff_phone_wrong": N_("Write one telephone number, such as 22 22 22 22."),
    "language_unknown": N_("Choose one of the three languages."),
    "passkey_name_missing": N_("Give the passkey a name, so that you know it again."),
    "passkey_name_too_long": N_("The name is too long. Use at most 40 characters."),
    "library_slug_taken": N_("Another library has this word in its address. Choose another."),
    "library_code_taken": N_("Another library has this code. Choose another."),
    "library_colour_too_pale": N_("White text on this colour is hard to read. Choose a darker one."),
    "library_line_missing": N_("Fill in this line."),
    "library_line_too_long": N_("This line is too long. Make it shorter."),
    "library_note_missing": N_("Write a sentence or two, so that families know what to expect."),
    "library_note_too_long": N_("This text is too long. Use at most 1,000 characters."),
    "library_slug_wrong": N_("Use small letters a–z, digits and hyphens, at most 40, such as sor-odal."),
    "library_code_wrong": N_("Use two to eight small letters a–z or digits, such as kvi."),
    "library_colour_wrong": N_("Write the colour as # and six digits or letters a–f, such as #8a3324."),
    "library_position_wrong": N_("Write the position in degrees, such as 60.19."),
    "municipality_code_wrong": N_("Write the municipality number: four digits, such as 3401."),
    "postcode_wrong": N_("Write the postcode: four digits."),
}

ROLE_NAMES: Final[Mapping[Role, str]] = {
    Role.DOOR: N_("At the door"),
    Role.LIBRARIAN: N_("Librarian"),
    Role.COORDINATOR: N_("Coordinator"),
    Role.PRIVACY_OFFICER: N_("Privacy officer"),
    Role.ADMIN: N_("Administrator"),
}

ROLE_HINTS: Final[Mapping[Role, str]] = {
    Role.DOOR: N_("ticks off who comes today"),
    Role.LIBRARIAN: N_("plans activities and sees the sign-ups"),
    Role.COORDINATOR: N_("sees the figures of all libraries, and no names"),
    Role.PRIVACY_OFFICER: N_("sees who did what and when"),
    Role.ADMIN: N_("keeps accounts and libraries"),
}

ACTOR_NAMES: Final[Mapping[Actor, str]] = {
    Actor.STAFF: N_("Staff"),
    Actor.FAMILY: N_("A family"),
    Actor.SYSTEM: N_("The service"),
    Actor.STRANGER: N_("Somebody unknown"),
}

SUBJECT_NAMES: Final[Mapping[str, str]] = {
    "account": N_("account"),
    "activity": N_("activity"),
    "age_rule": N_("rule of ages"),
    "family": N_("family"),
    "figures": N_("figures"),
    "letter": N_("letter"),
    "library": N_("library"),
    "meeting": N_("meeting"),
    "occasion": N_("occasion"),
    "participant": N_("participant"),
    "partner": N_("partner"),
    "signup": N_("sign-up"),
    "wording": N_("text"),
}

ACTION_NAMES: Final[Mapping[str, str]] = {
    "accepted_invitation": N_("answered the invitation"),
    "activity_archived": N_("put an activity away"),
    "activity_asks_changed": N_("changed what families are asked"),
    "activity_changed": N_("changed an activity"),
    "activity_link_made": N_("gave out a link to an activity"),
    "activity_links_taken_back": N_("took links to an activity back"),
    "activity_partner_added": N_("added a partner to an activity"),
    "activity_partner_dropped": N_("took a partner off an activity"),
    "activity_published": N_("showed an activity"),
    "activity_taken_out_again": N_("took an activity out again"),
    "activity_words_changed": N_("changed the words of an activity"),
    "added_code_app": N_("added an app for codes"),
    "targets_set": N_("changed what the project sets itself"),
    "figures_exported": N_("took figures along in a file"),
    "added_library": N_("added a library"),
    "added_passkey": N_("added a passkey"),
    "age_rule_begun": N_("decided from which age one answers alone"),
    "asked_for_reset": N_("asked for a new password"),
    "calendar_made": N_("made an address for a calendar"),
    "calendar_taken_away": N_("took the address of a calendar away"),
    "changed_library": N_("changed a library"),
    "changed_password": N_("chose a new password"),
    "changed_roles": N_("changed roles"),
    "consent_withdrawn": N_("took a consent back"),
    "disabled": N_("closed an account"),
    "enabled": N_("opened an account again"),
    "family_address_asked": N_("asked for letters to another address"),
    "family_address_changed": N_("changed the address of a family"),
    "family_contact_changed": N_("changed how a family is reached"),
    "family_entered": N_("entered the page of a family"),
    "family_erased": N_("erased a family"),
    "forgot_second_factor": N_("removed the second step"),
    "imported_libraries": N_("read libraries from a file"),
    "invited": N_("invited somebody"),
    "contact_seen": N_("looked at whom to call for a child"),
    "invited_again": N_("invited somebody again"),
    "invited_first_admin": N_("invited the first administrator"),
    "meeting_called_off": N_("called off a meeting"),
    "meeting_moved": N_("moved a meeting"),
    "meeting_put_back_on": N_("put a meeting back on"),
    "meeting_dropped": N_("took a date out of a draft"),
    "meetings_added": N_("added dates"),
    "needs_seen": N_("looked at what a child needs"),
    "occasion_terms_changed": N_("changed how one comes"),
    "occasion_called_off": N_("called off an occasion"),
    "occasion_put_back_on": N_("put an occasion back on"),
    "notice_sent": N_("wrote to the families of an occasion"),
    "notice_taken_back": N_("took back what was written to families"),
    "partner_added": N_("added a partner"),
    "partner_brought_back": N_("brought a partner back"),
    "partner_changed": N_("changed a partner"),
    "partner_retired": N_("put a partner away"),
    "register_closed": N_("closed a register"),
    "register_reopened": N_("opened a register again"),
    "register_seen": N_("looked at a register"),
    "removed_code_app": N_("removed the app for codes"),
    "removed_passkey": N_("removed a passkey"),
    "renewed_recovery_codes": N_("made new recovery codes"),
    "shielding_changed": N_("switched shielded display on or off"),
    "sign_in_refused": N_("could not sign in"),
    "signed_in": N_("signed in"),
    "signed_out_everywhere": N_("signed out everywhere"),
    "signup_disowned": N_("said that a sign-up was not theirs"),
    "signups_seen": N_("looked at sign-ups"),
    "children_searched": N_("searched for a child by name"),
    "many_details_seen": N_("looked at very many children in an hour"),
    "shield_changed": N_("changed a shielded display for a family"),
    "signup_added": N_("signed a child up for somebody"),
    "signup_confirmed_at_desk": N_("confirmed a place for a family"),
    "signup_withdrawn_at_desk": N_("gave a place back for a family"),
    "signup_moved": N_("moved a place to another date"),
    "texts_published": N_("published new words to agree to"),
    "used_recovery_code": N_("used a recovery code"),
}
