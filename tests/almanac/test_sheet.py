"""What a file of school breaks may look like, and what is said of one that cannot be read."""

from datetime import date

import pytest
from flask import Flask

from booking.almanac.rules import Break, BreakKind
from booking.almanac.sheet import LARGEST_SHEET, REGION, SheetRefused, read_sheet
from booking.i18n import in_language, say

KNOWN = {"0301", "3401", "3414", "3415", "3416"}
HEADINGS = "municipality_code;kind;first_on;last_on\n"
AUTUMN = "3401;autumn;2026-10-05;2026-10-09\n"


@pytest.mark.parametrize(
    "text",
    [
        HEADINGS + AUTUMN,
        "\ufeff" + HEADINGS + AUTUMN,
        (HEADINGS + AUTUMN).replace(";", ","),
        (HEADINGS + AUTUMN).replace("\n", "\r\n"),
        "# from the municipality's page; read in May\n\n" + HEADINGS + "\n" + AUTUMN.strip(),
        HEADINGS + "3401;Høstferie;05.10.2026;9.10.2026;;\n",
        'Last_on ;first_on; kind;municipality_code\n 2026-10-09;2026-10-05;"autumn"; 3401',
    ],
    ids=["plain", "bom", "comma", "windows", "remarks", "norwegian", "other order"],
)
def test_a_file_is_read_as_people_save_it(text: str) -> None:
    assert read_sheet(text.encode(), known=KNOWN) == (
        Break(
            municipality_code="3401",
            kind=BreakKind.AUTUMN,
            first_on=date(2026, 10, 5),
            last_on=date(2026, 10, 9),
        ),
    )


def test_a_zero_that_a_spreadsheet_took_away_is_put_back() -> None:
    [oslo] = read_sheet((HEADINGS + AUTUMN.replace("3401", "301")).encode(), known=KNOWN)

    assert oslo.municipality_code == "0301"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "",
            "Line 1: The first line must name these columns too: municipality_code, kind, first_on, last_on",
        ),
        ("# only a remark", "Line 1: The first line must name these columns too"),
        ("municipality_code;kind;first_on\n", "Line 1: The first line must name these columns too: last_on."),
        (HEADINGS, "There is no school break in this file"),
        (HEADINGS + AUTUMN + "\n3401;skiing;2027-02-22;2027-02-26", "Line 4: «skiing» is no kind of break"),
        (HEADINGS + "3401;winter", "Line 2: «» is no day"),
        (HEADINGS + "3401;winter;2027-02-30;2027-03-01", "Line 2: «2027-02-30» is no day"),
        (HEADINGS + "3401;winter;22/02/2027;2027-03-01", "Line 2: «22/02/2027» is no day"),
        (HEADINGS + "3401;winter;22.02.0027;2027-03-01", "Line 2: «22.02.0027» is no day"),
        (HEADINGS + "3401;winter;2027-02-22;٢٦.٠٢.2027", "is no day"),
        (
            HEADINGS + "3401;winter;2027-02-26;2027-02-22",
            "Line 2: The last day of a break cannot lie before its first.",
        ),
        (HEADINGS + "3401;winter;2027-02-22;2028-02-26", "Line 2: A break can last 100 days."),
        (HEADINGS + "5001;winter;2027-02-22;2027-02-26", "Line 2: No library here lies in this municipality"),
        (HEADINGS + AUTUMN + AUTUMN, "Line 3: This break stands on an earlier line already."),
        (
            HEADINGS + "3401;winter;2027-02-22;2027-02-26;x",
            "Line 2: There are more cells here than headings.",
        ),
        (HEADINGS + AUTUMN + '3401;"winter;2027-02-22', "Line 3: A quotation mark here has no partner."),
        (HEADINGS + "3401;%(line)s \x00;2027-02-22;x", "Line 2: «%(line)s » is no kind of break."),
        (HEADINGS + f"3401;{'x' * 9000};2027-02-22;x", f"Line 2: «{'x' * 40}» is no kind of break."),
    ],
)
def test_what_is_wrong_is_said_with_its_line(app: Flask, text: str, words: str) -> None:
    with pytest.raises(SheetRefused) as refused:
        read_sheet(text.encode(), known=KNOWN)

    with app.app_context(), in_language("en"):
        assert words in say(refused.value)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("3401;høstferie".encode("latin-1"), "choose «CSV UTF-8»"),
        (b"\xd0\xcf\x11\xe0 a workbook", "choose «CSV UTF-8»"),
        (b"#" * (LARGEST_SHEET + 1), "larger than 100 kB"),
    ],
    ids=["old letters", "a workbook", "too large"],
)
def test_a_file_that_is_no_such_file_is_refused(app: Flask, content: bytes, words: str) -> None:
    with pytest.raises(SheetRefused) as refused:
        read_sheet(content, known=KNOWN)

    with app.app_context(), in_language("en"):
        assert words in say(refused.value)


def test_the_demonstration_has_breaks_for_its_four_municipalities_and_says_that_they_are_invented() -> None:
    breaks = read_sheet(REGION.read_bytes(), known=KNOWN)

    assert {each.municipality_code for each in breaks} == {"3401", "3414", "3415", "3416"}
    assert {each.source for each in breaks} == {"Oppdiktet for demonstrasjonen"}
