"""How many live where: read from a file with one count on each line."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from io import StringIO
from pathlib import Path
from typing import Final

GIVEN: Final = Path(__file__).parent / "population.csv"
COLUMNS: Final = ("municipality_code", "year", "ages", "persons", "source")

_FOUR_DIGITS: Final = re.compile(r"[0-9]{4}", re.ASCII)
_COUNT: Final = re.compile(r"[0-9]{1,8}", re.ASCII)
_LONGEST_SOURCE: Final = 200


class Ages(StrEnum):
    """Of which ages somebody counted how many live in a municipality."""

    AGE_6_18 = "6_18"
    AGE_6_12 = "6_12"
    AGE_13_15 = "13_15"
    AGE_16_18 = "16_18"
    AGE_0_14 = "0_14"
    ALL = "all"


class UnreadablePopulation(Exception):  # noqa: N818 – read by the one who runs the command, as a sentence
    """The file cannot be taken; the message says why, and on which line."""


@dataclass(frozen=True, kw_only=True)
class Count:
    """How many of these ages lived in the municipality on the first of January, and who says so."""

    municipality_code: str
    year: int
    ages: Ages
    persons: int
    source: str


def read_population(text: str) -> Sequence[Count]:
    """Return the counts of a file; raise UnreadablePopulation for one that cannot be taken whole."""
    lines = [line for line in text.removeprefix("\ufeff").splitlines() if line.strip() and line[0] != "#"]
    rows = csv.reader(StringIO("\n".join(lines)), delimiter=";")
    if tuple(next(rows, ())) != COLUMNS:
        message = f"The first line must be {';'.join(COLUMNS)}"
        raise UnreadablePopulation(message)
    counts = list(_counts(rows))
    _check_once(counts)
    return counts


def _counts(rows: Iterator[list[str]]) -> Iterator[Count]:
    for cells in rows:
        try:
            yield _count(cells)
        except ValueError as fault:
            message = f"“{';'.join(cells)}” cannot be: {fault}"
            raise UnreadablePopulation(message) from fault


def _count(cells: Sequence[str]) -> Count:
    code, year, ages, persons, source = (cell.strip() for cell in cells)
    if not _FOUR_DIGITS.fullmatch(code) or not _FOUR_DIGITS.fullmatch(year):
        message = "a municipality and a year have four digits"
        raise ValueError(message)
    if not _COUNT.fullmatch(persons) or not 0 < len(source) <= _LONGEST_SOURCE:
        message = "a count is a number, and somebody says so"
        raise ValueError(message)
    return Count(municipality_code=code, year=int(year), ages=Ages(ages), persons=int(persons), source=source)


def _check_once(counts: Sequence[Count]) -> None:
    keys = [(count.municipality_code, count.year, count.ages) for count in counts]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        code, year, ages = twice[0]
        message = f"{code} in {year} has two counts of {ages}"
        raise UnreadablePopulation(message)
