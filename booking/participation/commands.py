"""Commands about what figures are reckoned against, for the one who runs the house."""

from pathlib import Path

import click
from flask.cli import AppGroup

from booking.participation.population import GIVEN, UnreadablePopulation, read_population
from booking.participation.population_operations import import_population
from booking.work import unit_of_work

figures = AppGroup("figures", help="Keep what figures are reckoned against.")


@figures.command("import-population")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False), default=GIVEN)
def import_file(file: Path) -> None:
    """Read how many live where from FILE; without one, the counts that come with the service.

    Each line tells municipality_code;year;ages;persons;source, as on the first of January. A count of the
    same municipality, year and ages takes the place of the former.
    """
    try:
        counts = read_population(file.read_text(encoding="utf-8"))
    except (UnreadablePopulation, UnicodeDecodeError) as fault:
        raise click.ClickException(str(fault)) from fault
    with unit_of_work() as (session, clock):
        taken = import_population(session, clock, counts=counts)
    click.echo(f"{taken.added} added, {taken.changed} changed, {taken.as_before} as before.")
