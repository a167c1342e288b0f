"""No address takes anything in that another site made a browser send."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from flask import Flask, url_for
from sqlalchemy.orm import Session
from werkzeug.routing import AnyConverter, BaseConverter, IntegerConverter, Rule

from booking.staff.rules import Role
from tests.browser import Browser
from tests.factories import make_account

Arranging = Callable[[], AbstractContextManager[Session]]

_CHANGES = frozenset({"POST", "PUT", "PATCH", "DELETE"})


def test_nothing_is_taken_in_without_the_token_of_a_page_of_ours(
    app: Flask, browser: Browser, arranging: Arranging
) -> None:
    with arranging() as session:
        account = make_account(session, Role.COORDINATOR)
    browser.sign_in_as(account)

    answers = {
        f"{method} {rule}": browser.send_unasked(method, _address(app, rule)).status_code
        for rule in app.url_map.iter_rules()
        for method in _CHANGES & (rule.methods or set())
    }

    assert len(answers) > 100
    assert set(answers.values()) == {400}, answers


def _address(app: Flask, rule: Rule) -> str:
    values: dict[str, Any] = {name: _stand_in(rule._converters[name]) for name in rule.arguments}
    with app.test_request_context():
        return url_for(rule.endpoint, **values)


def _stand_in(converter: BaseConverter) -> object:
    if isinstance(converter, AnyConverter):
        return min(converter.items)
    return 1 if isinstance(converter, IntegerConverter) else "some"
