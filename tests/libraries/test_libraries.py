"""The four libraries as data, and any that join them."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from booking.errors import NotFound
from booking.libraries.operations import add_library, change_library, import_libraries
from booking.libraries.queries import all_libraries, get_library, get_library_by_slug
from booking.libraries.region import REGION, UnreadableLibraries, read_region
from booking.libraries.rules import (
    LEAST_CONTRAST,
    CodeTaken,
    ColourTooPale,
    Language,
    LibraryFacts,
    Note,
    SlugTaken,
    best_text,
    check_colour,
    contrast_with_white,
)
from tests.conftest import StoppedClock
from tests.factories import make_library


def _facts(**changes: object) -> LibraryFacts:
    return replace(read_region()[0], **changes)  # type: ignore[arg-type]


def test_the_four_libraries_of_the_region_are_told_in_three_languages() -> None:
    region = read_region()

    assert [(facts.name, facts.municipality_code, facts.municipality_name) for facts in region] == [
        ("Kongsvinger bibliotek", "3401", "Kongsvinger"),
        ("Nord-Odal bibliotek", "3414", "Nord-Odal"),
        ("Sør-Odal bibliotek", "3415", "Sør-Odal"),
        ("Tyrielden Eidskog bibliotek", "3416", "Eidskog"),
    ]
    assert all(set(facts.notes) == set(Language) for facts in region)
    assert all(facts.email.endswith("@example.org") for facts in region)


def test_white_words_can_be_read_on_every_colour_of_the_region() -> None:
    assert all(contrast_with_white(facts.colour) >= LEAST_CONTRAST for facts in read_region())


@pytest.mark.parametrize(
    ("colour", "contrast"), [("#000000", 21.0), ("#ffffff", 1.0), ("#777777", 4.48), ("#767676", 4.54)]
)
def test_contrast_is_reckoned_as_wcag_says(colour: str, contrast: float) -> None:
    assert contrast_with_white(colour) == pytest.approx(contrast, abs=0.005)


def test_a_colour_just_too_pale_is_refused_and_the_next_darker_one_is_not() -> None:
    check_colour("#767676")

    with pytest.raises(ColourTooPale):
        check_colour("#777777")


@pytest.mark.parametrize(
    ("there", "asked", "given"),
    [
        (("nb", "nn", "en"), "nn", "nn"),
        (("nb", "en"), "nn", "nb"),
        (("nn", "en"), "nb", "nn"),
        (("nb", "nn"), "en", "nb"),
    ],
)
def test_a_text_that_is_missing_gives_way_to_the_one_understood_best(
    session: Session, there: tuple[str, ...], asked: str, given: str
) -> None:
    library = make_library(session)
    notes = [note for note in library.notes if note.language in there]

    assert best_text(notes, asked).language == given


def test_importing_twice_does_it_once(session: Session, clock: StoppedClock) -> None:
    first = import_libraries(session, clock, libraries=read_region())
    again = import_libraries(session, clock, libraries=read_region())

    assert (first, again) == ((4, 0), (0, 0))
    assert len(all_libraries(session)) == 4


def test_importing_changes_what_differs_and_nothing_else(session: Session, clock: StoppedClock) -> None:
    import_libraries(session, clock, libraries=read_region())
    began_at = clock()
    clock.forward(days=1)
    one, *others = read_region()
    notes = {**one.notes, Language.EN: Note(accessibility="Lift", opening="Always")}

    answer = import_libraries(session, clock, libraries=[replace(one, notes=notes), *others])

    library = get_library_by_slug(session, "kongsvinger")
    assert answer == (0, 1)
    assert best_text(library.notes, "en").opening == "Always"
    assert library.changed_at == clock()
    assert get_library_by_slug(session, "sor-odal").changed_at == began_at


def test_a_fifth_library_needs_a_slug_a_code_and_a_colour_of_its_own(
    session: Session, clock: StoppedClock
) -> None:
    add_library(session, clock, facts=_facts())

    with pytest.raises(SlugTaken):
        add_library(session, clock, facts=_facts(code="new"))
    with pytest.raises(CodeTaken):
        add_library(session, clock, facts=_facts(slug="new"))
    with pytest.raises(ColourTooPale):
        add_library(session, clock, facts=_facts(slug="new", code="new", colour="#ffee00"))
    assert len(all_libraries(session)) == 1


def test_a_library_keeps_its_own_slug_when_it_is_changed(session: Session, clock: StoppedClock) -> None:
    library = add_library(session, clock, facts=_facts())

    changed = change_library(session, clock, library=library, facts=_facts(town="Skarnes"))

    assert changed
    assert get_library(session, library.id).town == "Skarnes"


def test_a_library_that_is_not_there_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        get_library(session, 1)
    with pytest.raises(NotFound):
        get_library_by_slug(session, "atlantis")


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ('slug = "kongsvinger"', "slug = ", "region.toml cannot be read"),
        ('slug = "kongsvinger"\n', "", "a library without a slug: slug is missing."),
        ('slug = "kongsvinger"', 'slug = "Kongsvinger by"', "slug cannot be 'Kongsvinger by'"),
        ('code = "kvi"', 'code = "kvi"\ncolor = "red"', "color is nothing that is told"),
        ('colour = "#8a3324"', 'colour = "red"', "colour cannot be 'red'"),
        ("latitude = 60.1905", "latitude = 160.1905", "latitude cannot be 160.1905"),
        ("latitude = 60.1905", 'latitude = "north"', "latitude cannot be 'north'"),
        ('municipality_code = "3401"', 'municipality_code = "401"', "municipality_code cannot be '401'"),
        ('town = "Kongsvinger"', 'town = ""', "town cannot be ''"),
        ("[library.notes.nb]", "[library.notes.de]", "notes.de must be in nb, nn or en"),
        ("opening = ", "closing = ", "notes.nb must be in nb, nn or en, and tell"),
    ],
)
def test_a_file_that_tells_something_impossible_is_refused_with_a_sentence(
    tmp_path: Path, before: str, after: str, sentence: str
) -> None:
    file = tmp_path / "region.toml"
    file.write_text(REGION.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")

    with pytest.raises(UnreadableLibraries, match=sentence.replace("[", r"\[")):
        read_region(file)


def test_a_file_that_is_not_there_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UnreadableLibraries, match=r"missing\.toml cannot be read"):
        read_region(tmp_path / "missing.toml")


@pytest.mark.parametrize("text", ["", "library = 3", "library = [3]", "[library]\nname = 'one'"])
def test_a_file_without_libraries_is_refused_with_a_sentence(tmp_path: Path, text: str) -> None:
    file = tmp_path / "region.toml"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(UnreadableLibraries, match="tells of no library"):
        read_region(file)
