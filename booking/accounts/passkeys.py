"""Passkeys: the device holds the private half, and we check what it signed (WebAuthn)."""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import webauthn
from webauthn.helpers import (
    options_to_json_dict,
    parse_authentication_credential_json,
    parse_registration_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from booking.accounts.rules import WrongPasskey
from booking.staff.models import Account, Passkey
from booking.tokens import new_secret

_SERVICE: Final = "Velkommen inn"


@dataclass(frozen=True, kw_only=True)
class Site:
    """The address that a passkey is bound to: it signs for no other, so it cannot be phished."""

    host: str
    origin: str

    @property
    def can_have_passkeys(self) -> bool:
        """Tell whether browsers offer passkeys here; they do not for a bare IP address."""
        try:
            ipaddress.ip_address(self.host)
        except ValueError:
            return True
        return False


@dataclass(frozen=True, kw_only=True)
class NewPasskey:
    """What is kept of a passkey that was just made."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    transports: list[str]


def site_of(base_url: str) -> Site:
    """Return the site from the configured address; a request's Host header has no say in it."""
    parts = urlsplit(base_url)
    return Site(host=parts.hostname or "", origin=f"{parts.scheme}://{parts.netloc}")


def new_challenge() -> str:
    """Return the random text that a device is asked to sign."""
    return new_secret()


def options_to_make(site: Site, account: Account, challenge: str) -> dict[str, Any]:
    """Return what the browser needs to make a passkey for the account."""
    options = webauthn.generate_registration_options(
        rp_id=site.host,
        rp_name=_SERVICE,
        user_id=account.passkey_handle.encode(),
        user_name=account.email,
        user_display_name=account.name,
        challenge=challenge.encode(),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
        exclude_credentials=_descriptors(account.passkeys),
    )
    return dict(options_to_json_dict(options))


def options_to_use(site: Site, account: Account, challenge: str) -> dict[str, Any]:
    """Return what the browser needs to sign in with one of the account's passkeys."""
    options = webauthn.generate_authentication_options(
        rp_id=site.host,
        challenge=challenge.encode(),
        allow_credentials=_descriptors(account.passkeys),
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return dict(options_to_json_dict(options))


def checked_new(site: Site, credential: str, challenge: str) -> NewPasskey:
    """Return what to keep of a passkey that a browser just made; refuses WrongPasskey."""
    try:
        parsed = parse_registration_credential_json(credential)
        made = webauthn.verify_registration_response(
            credential=parsed,
            expected_challenge=challenge.encode(),
            expected_rp_id=site.host,
            expected_origin=site.origin,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise WrongPasskey from error
    return NewPasskey(
        credential_id=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        transports=[transport.value for transport in parsed.response.transports or []],
    )


def checked_use(site: Site, account: Account, credential: str, challenge: str) -> tuple[Passkey, int]:
    """Return which passkey of the account signed, and how often it has by now; refuses WrongPasskey."""
    try:
        parsed = parse_authentication_credential_json(credential)
        passkey = next(key for key in account.passkeys if key.credential_id == parsed.raw_id)
        used = webauthn.verify_authentication_response(
            credential=parsed,
            expected_challenge=challenge.encode(),
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError, StopIteration) as error:
        raise WrongPasskey from error
    return passkey, used.new_sign_count


def _descriptors(passkeys: Iterable[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    known = {transport.value for transport in AuthenticatorTransport}
    return [
        PublicKeyCredentialDescriptor(
            id=passkey.credential_id,
            transports=[AuthenticatorTransport(name) for name in passkey.transports if name in known],
        )
        for passkey in passkeys
    ]
