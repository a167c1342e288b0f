"""What the one who runs the house decides: from BOOKING_* variables and instance/config.toml."""

import os
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from booking.tokens import new_secret

_SHORTEST_SECRET = 32
_LONGEST_SMS_SENDER = 11
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"0", "false", "no", "off", ""})


class UnsafeSettings(Exception):  # noqa: N818 – read by the one who starts the service, as a sentence
    """The service must not start like this; the text says what to do."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything that differs between one installation and another."""

    instance: Path
    database_url: str
    secret_key: str = field(repr=False)
    old_secret_keys: tuple[str, ...] = field(repr=False, default=())
    base_url: str
    demo: bool
    mail_from: str
    smtp_host: str | None
    smtp_port: int
    smtp_user: str | None
    smtp_password: str | None = field(repr=False, default=None)
    smtp_starttls: bool
    trusted_proxies: int
    hold_hours: int
    hold_hours_while_others_wait: int
    guardian_hours: int
    offer_hours: int
    offer_hours_when_near: int
    offer_lead_minutes: int
    least_count: int = 5
    sms_gateway_url: str | None = None
    sms_gateway_token: str | None = field(repr=False, default=None)
    sms_sender: str = ""

    @property
    def is_https(self) -> bool:
        """Tell whether visitors reach the service over an encrypted connection."""
        return self.base_url.startswith("https://")


_DEFAULTS: Mapping[str, str] = {
    "mail_from": "",
    "smtp_host": "",
    "smtp_port": "587",
    "smtp_user": "",
    "smtp_password": "",
    "smtp_starttls": "1",
    "sms_gateway_url": "",
    "sms_gateway_token": "",
    "sms_sender": "Bibliotek",
    "demo": "0",
    "base_url": "",
    "database_url": "",
    "secret_key": "",
    "old_secret_keys": "",
    "trusted_proxies": "0",
    "hold_hours": "24",
    "hold_hours_while_others_wait": "2",
    "guardian_hours": "48",
    "offer_hours": "12",
    "offer_hours_when_near": "2",
    "offer_lead_minutes": "60",
    "least_count": "5",
}


def read_settings(instance: Path, environment: Mapping[str, str] | None = None) -> Settings:
    """Return the settings, or raise UnsafeSettings with one sentence that says what to do."""
    given = _collect(instance, os.environ if environment is None else environment)
    demo = _truth("demo", given["demo"])
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Settings(
        instance=instance,
        database_url=_checked_database(given["database_url"], instance),
        secret_key=_long_enough(given["secret_key"]) if given["secret_key"] else _own_secret(instance),
        old_secret_keys=tuple(key for key in given["old_secret_keys"].split(",") if key),
        base_url=_checked_base_url(given["base_url"], demo=demo),
        demo=demo,
        mail_from=_checked_sender(given, demo=demo),
        smtp_host=given["smtp_host"] or None,
        smtp_user=given["smtp_user"] or None,
        smtp_password=given["smtp_password"] or None,
        smtp_starttls=_truth("smtp_starttls", given["smtp_starttls"]),
        sms_gateway_url=_checked_gateway(given),
        sms_gateway_token=given["sms_gateway_token"] or None,
        sms_sender=_checked_sms_sender(given["sms_sender"]),
        **_numbers(given),
    )


def _collect(instance: Path, environment: Mapping[str, str]) -> dict[str, str]:
    from_file = _read_file(instance / "config.toml")
    unknown = sorted(set(from_file) - set(_DEFAULTS))
    if unknown:
        message = f"instance/config.toml sets {', '.join(unknown)}, which is no setting: correct it."
        raise UnsafeSettings(message)
    from_environment = {
        name: environment[variable]
        for name in _DEFAULTS
        if (variable := f"BOOKING_{name.upper()}") in environment
    }
    return {**_DEFAULTS, **from_file, **from_environment}


def _read_file(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    try:
        content: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        message = f"instance/config.toml cannot be read: {error}. Correct it, or start without it."
        raise UnsafeSettings(message) from error
    return {name: str(value) for name, value in content.items()}


def _truth(name: str, text: str) -> bool:
    if text.lower() not in _TRUE | _FALSE:
        message = f"BOOKING_{name.upper()} is neither yes nor no; set it to 1 or 0."
        raise UnsafeSettings(message)
    return text.lower() in _TRUE


def _numbers(given: Mapping[str, str]) -> dict[str, int]:
    limits = {
        "smtp_port": (1, 65535),
        "trusted_proxies": (0, 5),
        "hold_hours": (1, 168),
        "hold_hours_while_others_wait": (1, 168),
        "guardian_hours": (1, 168),
        "offer_hours": (1, 168),
        "offer_hours_when_near": (1, 24),
        "offer_lead_minutes": (0, 1440),
        "least_count": (3, 50),
    }
    return {name: _number(name, given[name], *bounds) for name, bounds in limits.items()}


def _number(name: str, text: str, least: int, most: int) -> int:
    if not text.isascii() or not text.isdecimal() or not least <= int(text) <= most:
        message = f"BOOKING_{name.upper()} must be a whole number from {least} to {most}."
        raise UnsafeSettings(message)
    return int(text)


def _checked_database(url: str, instance: Path) -> str:
    if not url:
        return f"sqlite:///{(instance / 'booking.db').resolve()}"
    if not url.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
        # It may hold a password, so it is not repeated here.
        message = "BOOKING_DATABASE_URL must begin with sqlite:/// or postgresql://."
        raise UnsafeSettings(message)
    return url


def _split(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 – it fails for a port that cannot be
    except ValueError:
        return "", ""
    return parts.scheme, parts.hostname or ""


def _checked_base_url(url: str, *, demo: bool) -> str:
    if not url and demo:
        return "http://127.0.0.1:8000"
    scheme, host = _split(url)
    if scheme not in {"http", "https"} or not host:
        message = (
            "BOOKING_BASE_URL is missing: set it to the address that families use, "
            "such as https://booking.example.org, since letters and posters carry it."
        )
        raise UnsafeSettings(message)
    if scheme == "http" and host not in _LOOPBACK:
        message = "BOOKING_BASE_URL must begin with https://, since names of children travel over it."
        raise UnsafeSettings(message)
    return url.rstrip("/")


def _checked_sender(given: Mapping[str, str], *, demo: bool) -> str:
    if demo:
        return given["mail_from"] or "velkommen@example.org"
    if "@" not in given["mail_from"] or not given["smtp_host"]:
        message = (
            "BOOKING_MAIL_FROM and BOOKING_SMTP_HOST are needed: "
            "without them no family gets its confirmation."
        )
        raise UnsafeSettings(message)
    return given["mail_from"]


def _checked_gateway(given: Mapping[str, str]) -> str | None:
    url = given["sms_gateway_url"]
    if not url:
        return None
    scheme, host = _split(url)
    if not host or (scheme != "https" and not (scheme == "http" and host in _LOOPBACK)):
        message = "BOOKING_SMS_GATEWAY_URL must begin with https://, since phone numbers travel over it."
        raise UnsafeSettings(message)
    if not given["sms_gateway_token"]:
        message = "BOOKING_SMS_GATEWAY_TOKEN is needed: without it the gateway sends nothing."
        raise UnsafeSettings(message)
    return url


def _checked_sms_sender(name: str) -> str:
    # What a phone shows as the sender holds eleven signs, letters and digits only.
    if not (name.isascii() and name.isalnum() and len(name) <= _LONGEST_SMS_SENDER):
        message = "BOOKING_SMS_SENDER must be one to eleven letters a–z and digits, such as Bibliotek."
        raise UnsafeSettings(message)
    return name


def _long_enough(secret: str) -> str:
    if len(secret) < _SHORTEST_SECRET:
        message = (
            f"The secret key is too short: give BOOKING_SECRET_KEY at least {_SHORTEST_SECRET} random "
            "characters, or leave it out and remove instance/secret_key."
        )
        raise UnsafeSettings(message)
    return secret


def _own_secret(instance: Path) -> str:
    path = instance / "secret_key"
    if not path.exists():
        draft = instance / f"secret_key.{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_text(new_secret(), encoding="utf-8")
        # A link is made whole or not at all: of two processes that start at once, both read the same secret.
        with suppress(FileExistsError):
            path.hardlink_to(draft)
        draft.unlink()
    return _long_enough(path.read_text(encoding="utf-8").strip())
