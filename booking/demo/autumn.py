"""What the demonstration's autumn consists of. All names are invented."""

from dataclasses import dataclass
from datetime import time
from typing import Final

from booking.activities.asks import NOTHING_MORE, Asks, PhotoChannel
from booking.activities.rules import Kind, Mode


@dataclass(frozen=True, kw_only=True)
class Invented:
    """One activity of the autumn. `first_week` counts from this week; negative weeks are past."""

    library: str
    kind: Kind
    mode: Mode
    titles: tuple[str, str, str]
    summaries: tuple[str, str, str]
    body: str
    grades: tuple[int | None, int | None]
    capacity: int | None
    room: str
    weekday: int
    starts: time
    ends: time
    first_week: int
    weeks: int
    asks: Asks = NOTHING_MORE
    questions: tuple[str, str, str] = ("", "", "")
    walk_in_places: int = 0


_AFTERNOON: Final = (time(16), time(18))
_EVENING: Final = (time(17), time(19))

AUTUMN: Final = (
    Invented(
        library="kongsvinger",
        kind=Kind.PILOT,
        mode=Mode.SIGN_UP,
        titles=("Spillkveld", "Spelkveld", "Games evening"),
        summaries=(
            "Brettspill, kortspill og noe varmt å drikke. Du trenger ikke kunne noe fra før.",
            "Brettspel, kortspel og noko varmt å drikke. Du treng ikkje kunne noko frå før.",
            "Board games, card games and something warm to drink. You need not know anything beforehand.",
        ),
        body=(
            "Vi møtes i Spillrommet og prøver nye spill sammen. Kom alene eller ta med en venn: "
            "det er alltid en voksen som forklarer reglene og finner noen å spille med."
        ),
        grades=(5, 7),
        capacity=12,
        room="Spillrommet",
        weekday=1,
        starts=_EVENING[0],
        ends=_EVENING[1],
        first_week=-12,
        weeks=18,
    ),
    Invented(
        library="kongsvinger",
        kind=Kind.WORKSHOP,
        mode=Mode.SIGN_UP,
        titles=("Idéverksted: Du bestemmer", "Idéverkstad: Du bestemmer", "Idea workshop: You decide"),
        summaries=(
            "Hva skal biblioteket finne på? Fortell det til oss, så prøver vi det ut.",
            "Kva skal biblioteket finne på? Fortel det til oss, så prøver vi det ut.",
            "What should the library do next? Tell us, and we will try it.",
        ),
        body="Vi tegner, bygger og snakker om hva som mangler her vi bor. Alle ideer blir tatt med videre.",
        grades=(4, 10),
        capacity=20,
        room="Storsalen",
        weekday=5,
        starts=time(11),
        ends=time(14),
        first_week=1,
        weeks=1,
    ),
    Invented(
        library="nord-odal",
        kind=Kind.PILOT,
        mode=Mode.DROP_IN,
        titles=("Åpent verksted", "Ope verkstad", "Open workshop"),
        summaries=(
            "Lim, tre, stoff og verktøy. Kom når du vil, gå når du vil.",
            "Lim, tre, stoff og verktøy. Kom når du vil, gå når du vil.",
            "Glue, wood, cloth and tools. Come when you like, leave when you like.",
        ),
        body="Hver uke står verkstedet åpent. Du kan lage det du har lyst til, og få hjelp hvis du vil.",
        grades=(1, 7),
        capacity=None,
        room="Verkstedet i underetasjen",
        weekday=2,
        starts=_AFTERNOON[0],
        ends=_AFTERNOON[1],
        first_week=-11,
        weeks=17,
    ),
    Invented(
        library="sor-odal",
        kind=Kind.PILOT,
        mode=Mode.SIGN_UP,
        titles=("Podkast-klubben", "Podkastklubben", "The podcast club"),
        summaries=(
            "Lag en podkast sammen med andre: skriv, spill inn og klipp.",
            "Lag ein podkast saman med andre: skriv, spel inn og klipp.",
            "Make a podcast together with others: write, record and cut.",
        ),
        body="Vi har mikrofoner og en stille krok. Du velger selv om stemmen din skal være med.",
        grades=(8, 10),
        capacity=8,
        room="Lydrommet",
        weekday=3,
        starts=_EVENING[0],
        ends=_EVENING[1],
        first_week=-10,
        weeks=15,
        asks=Asks(photo_channels=(PhotoChannel.INTERNAL, PhotoChannel.WEB)),
    ),
    Invented(
        library="sor-odal",
        kind=Kind.EVENT,
        mode=Mode.DROP_IN,
        titles=("Lesehjulet for de minste", "Lesehjulet for dei minste", "Story wheel for the youngest"),
        summaries=(
            "Vi leser, synger og snurrer på hjulet. Ta med en voksen.",
            "Vi les, syng og snurrar på hjulet. Ta med ein vaksen.",
            "We read, sing and spin the wheel. Bring a grown-up.",
        ),
        body="En halvtime med bøker på gulvet, og saft etterpå.",
        grades=(1, 3),
        capacity=None,
        room="Barneavdelingen",
        weekday=5,
        starts=time(11),
        ends=time(12),
        first_week=-9,
        weeks=14,
    ),
    Invented(
        library="tyrielden",
        kind=Kind.PILOT,
        mode=Mode.SIGN_UP,
        titles=("Kokekunst etter skoletid", "Kokekunst etter skuletid", "Cooking after school"),
        summaries=(
            "Vi lager mat fra bøker og spiser den sammen.",
            "Vi lagar mat frå bøker og et han saman.",
            "We cook out of books and eat together.",
        ),
        body="Du velger en bok, vi finner en oppskrift i den. Si fra hvis det er noe du ikke kan spise.",
        grades=(5, 10),
        capacity=10,
        room="Kjøkkenet",
        weekday=0,
        starts=_AFTERNOON[0],
        ends=_AFTERNOON[1],
        first_week=-11,
        weeks=17,
        asks=Asks(needs=True),
        questions=(
            "Hva har du mest lyst til å lage?",
            "Kva har du mest lyst til å lage?",
            "What would you most like to make?",
        ),
    ),
    Invented(
        library="nord-odal",
        kind=Kind.WORKSHOP,
        mode=Mode.SIGN_UP,
        titles=("Juleverksted", "Juleverkstad", "Christmas workshop"),
        summaries=(
            "Lag kort, pynt og gaver av gamle bøker.",
            "Lag kort, pynt og gåver av gamle bøker.",
            "Make cards, decorations and presents out of old books.",
        ),
        body="Vi har lim, saks, glitter og pepperkaker. Det du lager, tar du med hjem.",
        grades=(3, 7),
        capacity=4,
        room="Verkstedet i underetasjen",
        weekday=5,
        starts=time(12),
        ends=time(14),
        first_week=2,
        weeks=1,
    ),
    Invented(
        library="tyrielden",
        kind=Kind.EVENT,
        mode=Mode.SIGN_UP,
        titles=("Filmkveld for ungdom", "Filmkveld for ungdom", "Film night for youth"),
        summaries=(
            "Dere stemmer fram filmen, vi ordner popkorn og tepper.",
            "De stemmer fram filmen, vi ordnar popkorn og teppe.",
            "You vote for the film, we see to popcorn and blankets.",
        ),
        body="Filmen vises i biblioteket etter stengetid. Ta med en pute hvis du vil.",
        grades=(8, 13),
        capacity=25,
        room="Storsalen",
        weekday=4,
        starts=time(18),
        ends=time(21),
        first_week=2,
        weeks=1,
    ),
)

FAMILIES: Final = (
    ("Ola Eksempel", "Ada", 2015),
    ("Kari Prøve", "Bo", 2014),
    ("Nina Mønster", "Cissi", 2015),
    ("Per Påfunn", "Didrik", 2014),
    ("Siv Oppdiktet", "Elin", 2016),
    ("Tor Fiksjon", "Frida", 2015),
    ("Unni Eventyr", "Gard", 2014),
    ("Vidar Drøm", "Hanna", 2016),
    ("Wenche Fabel", "Iben", 2015),
    ("Yngve Sagn", "Jon", 2014),
    ("Åse Historie", "Kaja", 2015),
    ("Berit Fortelling", "Leo", 2016),
    ("Dag Skrøne", "Mia", 2014),
    ("Eva Vise", "Noor", 2015),
    ("Geir Regle", "Oda", 2012),
    ("Heidi Rim", "Pål", 2013),
    ("Ivar Gåte", "Ronja", 2012),
    ("Jorid Sang", "Simen", 2011),
    ("Lars Dikt", "Tuva", 2012),
    ("Mette Bok", "Ulrik", 2013),
)
