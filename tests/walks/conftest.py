"""A real server and a real browser, for walks through the service as a person takes them."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Page, sync_playwright
from waitress.server import create_server

from booking.settings import Settings
from booking.staff.models import Account
from tests.browser import pass_of
from tests.conftest import StoppedClock

PHONE, TABLET, DESK = 320, 768, 1280

_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
# What WCAG 2.2 asks at level AA, and what axe calls good practice besides.
_AXE_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@dataclass(frozen=True)
class Served:
    """The service as it answers on this machine."""

    app: Flask
    url: str


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    """A headless Chromium; without one these walks are left out, unless they must be taken."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        if os.environ.get("REQUIRE_BROWSER"):
            pytest.fail("there is no chromium on this machine, and the walks must be taken")
        pytest.skip("there is no chromium on this machine: install it to take the walks")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(_FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def served(app: Flask, clock: StoppedClock, swept: None) -> Iterator[Served]:
    """The service on a port of this machine, on each database in turn. Its clock ticks, as real ones do."""
    clock.tick()
    server = create_server(app, host="127.0.0.1", port=0, threads=4, clear_untrusted_proxy_headers=True)
    url = f"http://127.0.0.1:{server.effective_port}"
    kept: Settings = app.extensions["booking.settings"]
    app.extensions["booking.settings"] = _at(kept, url)

    def run() -> None:
        # Closing it from here takes the socket from under its loop, which then ends with an error.
        with suppress(OSError):
            server.run()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    yield Served(app, url)
    app.extensions["booking.settings"] = kept
    server.close()
    thread.join(timeout=10)


def _at(settings: Settings, url: str) -> Settings:
    # Letters and calendars carry the configured address, so it must be the one that is served.
    values = {name: getattr(settings, name) for name in settings.__dataclass_fields__}
    return Settings(**{**values, "base_url": url})


@pytest.fixture
def open_browser(chromium: Chromium, served: Served) -> Iterator[Callable[..., Page]]:
    """Open a person's browser of a width; scripts can be off, and a member of staff signed in."""
    contexts: list[BrowserContext] = []

    def open_one(width: int = DESK, *, language: str = "en", scripts: bool = True) -> Page:
        context = chromium.new_context(
            base_url=served.url,
            viewport={"width": width, "height": 900},
            locale={"en": "en-GB", "nb": "nb-NO", "nn": "nn-NO"}[language],
            java_script_enabled=scripts,
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        return context.new_page()

    yield open_one
    for context in contexts:
        context.close()


def sign_in(page: Page, served: Served, account: Account) -> None:
    """Let the browser be a signed-in member of staff, by the cookie that signing in gives."""
    name, value = pass_of(served.app, account)
    page.context.add_cookies([{"name": name, "value": value, "url": served.url}])


def check_accessible(page: Page) -> None:
    """Fail when axe finds anything on the page, or when it must be scrolled sideways."""
    found = Axe().run(page, options=_AXE_RULES)
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"
    too_wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not page.evaluate(too_wide), f"{page.url}: must be scrolled sideways"
