"""The sentences of this room, and what sectors and roles are called."""

from collections.abc import Mapping
from typing import Final

from booking.i18n import N_
from booking.partners.rules import PartnerRole, Sector

WORDS: Final[Mapping[str, str]] = {
    "partner_name_missing": N_("Write the name of the organisation."),
    "partner_name_too_long": N_("The name is too long. Use at most 100 characters."),
    "partner_name_says_nothing": N_("Use at least one letter or figure in the name."),
    "partner_name_has_contact": N_(
        "Leave out e-mail addresses and telephone numbers, and write only the name of the organisation."
    ),
    "partner_name_taken": N_(
        "There is a partner with this name already. Look through the list, also among those put away."
    ),
    "partner_sector_missing": N_("Choose a sector from the list."),
    "partner_municipality_wrong": N_("Choose a municipality from the list."),
    "organisation_number_wrong": N_(
        "This is not an organisation number. Check the nine digits, or leave the field empty."
    ),
    "organisation_number_taken": N_(
        "There is a partner with this organisation number already, perhaps under another name."
    ),
    "partner_website_wrong": N_(
        "Write an address such as https://www.example.org, at most 200 characters, or leave the field empty."
    ),
    "partner_changed_meanwhile": N_(
        "Somebody else saved this partner while you had the page open. What you wrote is still below. "
        "Look at both versions, and save again."
    ),
}

SECTOR_NAMES: Final[Mapping[Sector, str]] = {
    Sector.VOLUNTARY: N_("Clubs and associations"),
    Sector.SCHOOL: N_("Schools"),
    Sector.HEALTH: N_("Health services"),
    Sector.PUBLIC_HEALTH: N_("Public health"),
    Sector.CULTURE: N_("Culture"),
    Sector.MUNICIPALITY: N_("Municipal services"),
    Sector.BUSINESS: N_("Businesses"),
    Sector.OTHER: N_("Other organisations"),
}

ROLE_NAMES: Final[Mapping[PartnerRole, str]] = {
    PartnerRole.CO_ORGANISER: N_("Co-organiser"),
    PartnerRole.CONTRIBUTOR: N_("Contributor"),
    PartnerRole.RECRUITMENT: N_("Recruitment"),
}

FIELD_NAMES: Final[Mapping[str, str]] = {
    "name": N_("Name of the organisation"),
    "sector": N_("Sector"),
    "municipality_code": N_("Municipality"),
    "organisation_number": N_("Organisation number"),
    "website": N_("Website"),
}
