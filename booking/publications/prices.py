"""What a solver's prices say: how much more would have to be hidden."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from booking.publications.attacker import Extreme, Numbers

_NEARLY: Final = 1e-6


def slopes(extreme: Extreme, up: Numbers, down: Numbers) -> Numbers:
    """Return by how much hiding each cell could move what was sought, at most."""
    moved: Numbers = np.where(extreme.prices > 0, extreme.prices * up, -extreme.prices * down)
    return moved


def as_shares(gained: Numbers, needed: float, shares: Numbers) -> Iterator[Numbers]:
    """Return the demand that so much has to come together, as it is and as whole choices have it at most.

    Of cells of which each brings half and no more, for example, two are needed however it is shared out.
    """
    yield np.minimum(gained, needed) / needed
    sizes = np.unique(gained[(gained > _NEARLY) & (gained < needed - _NEARLY)])
    if len(sizes):
        times = np.ceil(np.minimum(gained, needed) / sizes[:, None] - _NEARLY)
        whole = times / np.ceil(needed / sizes - _NEARLY)[:, None]
        yield whole[np.argmin(whole @ shares)]
