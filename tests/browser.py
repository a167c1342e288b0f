"""The only test client: it refuses a page that a person could not use."""

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

from flask import Flask
from werkzeug.test import TestResponse

from booking.accounts.passes import cookie_name, sealed
from booking.accounts.rules import StaffPass
from booking.pages import settings_in_use
from booking.staff.models import Account

if TYPE_CHECKING:
    from flask.testing import FlaskClient

_LABELLED = frozenset({"input", "select", "textarea"})
# A block of data for search engines is no script: browsers run nothing of it, whatever the policy.
_DATA = "application/ld+json"
_NEEDS_NO_LABEL = frozenset({"hidden", "submit", "button"})


@dataclass
class Page:
    """What a page consists of, as far as the checks ask."""

    ids: list[str] = field(default_factory=list)
    headings: int = 0
    language: str | None = None
    labels: set[str] = field(default_factory=set)
    controls: list[dict[str, str]] = field(default_factory=list)
    forms: list[dict[str, str]] = field(default_factory=list)
    hidden: dict[str, str] = field(default_factory=dict)
    links: list[str] = field(default_factory=list)
    inline: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    title: str = ""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page = Page()
        self._in_title = False
        self._script_without_source = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self._note_identity(found)
        self._note_tag(tag, found)

    def _note_identity(self, found: dict[str, str]) -> None:
        if "id" in found:
            self.page.ids.append(found["id"])
        self.page.inline += [name for name in found if name == "style" or name.startswith("on")]
        for name in ("aria-describedby", "aria-labelledby", "aria-controls"):
            self.page.references += found.get(name, "").split()

    def _note_tag(self, tag: str, found: dict[str, str]) -> None:
        page = self.page
        if tag in _LABELLED:
            self._note_control(found)
        elif tag in {"script", "style"} and "src" not in found and found.get("type") != _DATA:
            page.inline.append(tag)
        elif tag in {"html", "h1", "title"}:
            self._note_frame(tag, found)
        page.labels |= {found.get("for", "")} if tag == "label" else set()
        page.forms += [found] if tag == "form" else []
        page.links += [found["href"]] if tag == "a" and "href" in found else []

    def _note_frame(self, tag: str, found: dict[str, str]) -> None:
        if tag == "html":
            self.page.language = found.get("lang")
        elif tag == "h1":
            self.page.headings += 1
        else:
            self._in_title = not self.page.title

    def _note_control(self, found: dict[str, str]) -> None:
        if found.get("type") == "hidden":
            self.page.hidden[found.get("name", "")] = found.get("value", "")
        elif found.get("type") not in _NEEDS_NO_LABEL:
            self.page.controls.append(found)

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.page.title += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False


# The same page comes many times, of what is not there above all; reading takes longer than most answers.
@lru_cache(maxsize=256)
def read_page(html: str) -> Page:
    """Return what the page consists of."""
    reader = _Reader()
    reader.feed(html)
    return reader.page


def check_page(html: str, address: str) -> Page:
    """Fail when the page is one that somebody could not use."""
    page = read_page(html)
    assert page.headings == 1, f"{address}: {page.headings} first headings"
    assert page.language in {"nb", "nn", "en"}, f"{address}: no language"
    assert page.title.strip(), f"{address}: no title"
    twice = [name for name, times in Counter(page.ids).items() if times > 1]
    assert not twice, f"{address}: ids twice: {twice}"
    assert not page.inline, f"{address}: inline style or script, which the policy forbids: {page.inline}"
    missing = set(page.references) - set(page.ids)
    assert not missing, f"{address}: references to nothing: {missing}"
    for control in page.controls:
        labelled = control.get("id") in page.labels or "aria-label" in control or "aria-labelledby" in control
        assert labelled, f"{address}: no label for {control}"
    for form in page.forms:
        assert form.get("method"), f"{address}: a form without a method"
    assert not re.search(r"\{\{|\{%|%\(\w+\)s", html), f"{address}: a template or a fact shows through"
    return page


def pass_of(app: Flask, account: Account, *, second_factor: bool = True) -> tuple[str, str]:
    """Return the cookie of somebody who signed in just now, with password and second factor."""
    now = app.extensions["booking"].clock()
    carried = StaffPass(
        session_key=account.session_key, since=now, seen_at=now, proved_at=now, second_factor=second_factor
    )
    with app.app_context():
        return cookie_name(settings_in_use()), sealed(app, carried)


class Browser:
    """A person's browser: it keeps cookies, follows nothing by itself, and looks at what it gets."""

    def __init__(self, app: Flask, language: str = "en") -> None:
        """Open a browser that asks for the language."""
        self.app = app
        self._client: FlaskClient = app.test_client()
        self._headers = {"Accept-Language": language}

    def get(self, address: str, **options: Any) -> TestResponse:
        """Open an address."""
        headers = {**self._headers, **options.pop("headers", {})}
        return self._looked_at(self._client.get(address, headers=headers, **options), address)

    def head(self, address: str) -> TestResponse:
        """Ask what an address would answer."""
        return self._client.head(address, headers=self._headers)

    def post(self, address: str, data: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        """Send a form to an address, with the token that the page before it carried."""
        headers = {**self._headers, **options.pop("headers", {})}
        typed = None if "json" in options else {"csrf_token": "", **(data or {})}
        if typed and not typed["csrf_token"]:
            typed["csrf_token"] = self._token()
        answer = self._client.post(address, data=typed, headers=headers, **options)
        return self._looked_at(answer, address)

    def post_raw(self, address: str, body: str, **options: Any) -> TestResponse:
        """Send an address what is no form."""
        headers = {**self._headers, **options.pop("headers", {})}
        return self._looked_at(self._client.post(address, data=body, headers=headers, **options), address)

    def send_unasked(self, method: str, address: str) -> TestResponse:
        """Send an address a form that another site's page made up, which knows no token."""
        return self._client.open(address, method=method, data={"name": "typed elsewhere"})

    def submit(
        self, address: str, data: dict[str, Any], *, to: str | None = None, **options: Any
    ) -> TestResponse:
        """Open the form at an address, fill it in, and send it with the hidden values that it came with."""
        page = read_page(self.get(address, **options).text)
        return self.post(to or address, {**page.hidden, **data}, **options)

    def sign_in_as(self, account: Account, *, second_factor: bool = True) -> None:
        """Be a signed-in member of staff from here on."""
        name, value = pass_of(self.app, account, second_factor=second_factor)
        self._client.set_cookie(name, value)

    def sign_out(self) -> None:
        """Be nobody in particular again."""
        self._client = self.app.test_client()

    def _token(self) -> str:
        # The kit page is not always there; any page with a form hands out the session's token.
        with self.app.test_request_context():
            from flask import session as fresh
            from flask_wtf.csrf import generate_csrf

            token = generate_csrf()
            raw = fresh["csrf_token"]
        with self._client.session_transaction() as kept:
            kept["csrf_token"] = raw
        return str(token)

    def _looked_at(self, answer: TestResponse, address: str) -> TestResponse:
        assert answer.status_code != 500, f"{address}: broken"
        assert "Content-Security-Policy" in answer.headers, f"{address}: no policy"
        if answer.mimetype == "text/html" and not 300 <= answer.status_code < 400:
            check_page(answer.text, address)
        return answer
