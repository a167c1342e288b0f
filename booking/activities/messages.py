"""The sentences of this room."""

from collections.abc import Mapping
from typing import Final

WORDS: Final[Mapping[str, str]] = {}
