"""Commands about school breaks, for the one who runs the house."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click
from flask.cli import AppGroup

from booking.almanac.messages import say_break
from booking.almanac.operations import import_breaks
from booking.almanac.queries import breaks_of, preview_import
from booking.almanac.rules import Fate, Step, UnknownMunicipality, check_municipality, school_year_begins
from booking.almanac.sheet import SheetRefused, read_sheet
from booking.clock import local_date
from booking.i18n import in_language, say
from booking.libraries.queries import municipality_names
from booking.work import reading, unit_of_work

almanac = AppGroup("almanac", help="Keep the school breaks of the municipalities.")


@almanac.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Say what would change, and keep nothing of it.")
def import_file(file: Path, *, dry_run: bool) -> None:
    """Read school breaks from FILE; they replace those of the same municipalities and school years."""
    try:
        with reading() if dry_run else unit_of_work() as (session, clock):
            breaks = read_sheet(file.read_bytes(), known=municipality_names(session))
            steps = (
                preview_import(session, breaks=breaks)
                if dry_run
                else import_breaks(session, clock, breaks=breaks)
            )
    except SheetRefused as refusal:
        with in_language("en"):
            message = say(refusal)
        raise click.ClickException(message) from refusal
    _print(steps)
    if dry_run:
        click.echo("Nothing was kept.")


@almanac.command("list")
@click.argument("municipality")
def list_breaks(municipality: str) -> None:
    """List the school breaks of MUNICIPALITY, such as 3401, from this school year on."""
    with reading() as (session, clock):
        try:
            check_municipality(municipality, municipality_names(session))
        except UnknownMunicipality as refusal:
            with in_language("en"):
                message = say(refusal)
            raise click.ClickException(message) from refusal
        breaks = breaks_of(session, municipality, school_year_begins(local_date(clock())))
    with in_language("en"):
        for each in breaks:
            click.echo(f"{each.first_on} – {each.last_on}  {say_break(each.kind)}")


def _print(steps: Sequence[Step]) -> None:
    for step in steps:
        if step.fate is not Fate.SAME:
            told = step.is_now
            days = f"{told.first_on} – {told.last_on}"
            click.echo(f"{step.fate.value:<8} {told.municipality_code} {told.kind.value:<12} {days}")
    counts = Counter(step.fate for step in steps)
    click.echo(
        f"{counts[Fate.NEW]} added, {counts[Fate.CHANGED]} changed, {counts[Fate.GONE]} removed, "
        f"{counts[Fate.SAME]} as before."
    )
