"""Letters about a family's own page can be written in every language, and lead where they should."""

import pytest
from sqlalchemy.orm import Session

from booking.libraries.rules import Language
from booking.outbox.operations import write_letter
from booking.outbox.render import render_letter
from booking.outbox.sender import Sender
from tests.conftest import StoppedClock
from tests.factories import NOON

BASE = "http://127.0.0.1:8000"
SENDER = Sender(address="velkommen@example.org", name="Velkommen inn", base_url=BASE)
SECRET = "s" * 43
LETTERS = [
    ("family_enter", {"code": "123456", "secret": SECRET}, f"{BASE}/my/enter/{SECRET}"),
    ("family_address_new", {"secret": SECRET}, f"{BASE}/my/address/{SECRET}"),
    ("family_address_taken", {}, f"{BASE}/my"),
    ("family_address_asked", {"new_address": "o…@example.org"}, f"{BASE}/my"),
    ("family_address_changed", {"new_address": "o…@example.org"}, f"{BASE}/about"),
]


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(("template", "facts", "way"), LETTERS)
def test_a_letter_says_what_to_do_in_text_and_in_html(
    session: Session, clock: StoppedClock, template: str, facts: dict[str, str], way: str, language: Language
) -> None:
    letter = write_letter(
        session,
        clock,
        key=f"{template}:{language}",
        template=template,
        address="ola@example.org",
        language=language,
        facts=facts,
    )

    mail = render_letter(letter, sender=SENDER, now=NOON)

    parts = [mail.get_body((kind,)) for kind in ("plain", "html")]
    for part in parts:
        assert part is not None
        text = part.get_content()
        assert way in text
        assert all(fact in text for fact in facts.values())
        assert "%(" not in text
    assert mail["Subject"]
