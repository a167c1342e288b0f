"""A device that makes and uses passkeys, as a phone does (WebAuthn level 2), for tests only."""

import hashlib
import json
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

_PRESENT_AND_VERIFIED, _HOLDS_A_KEY = 0b101, 0b1000000


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def challenge_in(options: dict[str, Any]) -> str:
    """Return the challenge, as the browser would hand it on."""
    return str(options["challenge"])


@dataclass
class Device:
    """One device with one key, bound to one site."""

    origin: str = "http://localhost:8000"
    host: str = "localhost"
    credential_id: bytes = b"a-device-of-the-tests"
    used: int = 0
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def make(self, challenge: str) -> str:
        """Make a passkey: what the browser sends back."""
        client = self._client("webauthn.create", challenge)
        held = struct.pack(">16sH", b"\0" * 16, len(self.credential_id)) + self.credential_id + self._cose()
        data = self._data(_PRESENT_AND_VERIFIED | _HOLDS_A_KEY) + held
        attested = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        response = {"clientDataJSON": _text(client), "attestationObject": _text(attested)}
        return self._credential({**response, "transports": ["internal", "telepathy"]})

    def sign(self, challenge: str) -> str:
        """Sign a challenge: what the browser sends back."""
        self.used += 1
        client = self._client("webauthn.get", challenge)
        data = self._data(_PRESENT_AND_VERIFIED)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._credential(
            {
                "clientDataJSON": _text(client),
                "authenticatorData": _text(data),
                "signature": _text(signature),
            }
        )

    def _client(self, kind: str, challenge: str) -> bytes:
        told = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(told).encode()

    def _data(self, flags: int) -> bytes:
        return hashlib.sha256(self.host.encode()).digest() + struct.pack(">BI", flags, self.used)

    def _cose(self) -> bytes:
        numbers = self.key.public_key().public_numbers()
        x, y = numbers.x.to_bytes(32, "big"), numbers.y.to_bytes(32, "big")
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})

    def _credential(self, response: dict[str, Any]) -> str:
        name = _text(self.credential_id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})


def raw(text: str) -> bytes:
    """Return what stands in a text of the browser's kind."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
