"""Commands about calendars, for the one who runs the house."""

import click
from flask.cli import AppGroup, with_appcontext

from booking.work import house, unit_of_work

calendars = AppGroup("calendars", help="What calendars know of our meetings and of the plan.")


@calendars.command("lift")
@with_appcontext
def lift() -> None:
    """Lift every meeting, and the plan, above what calendars may have seen of it.

    Needed after a backup was put back on a machine that never served this database; everywhere else it is
    noticed by itself. Done once too often, calendars take every entry anew once, and show the same.
    """
    with unit_of_work() as (session, clock):
        count = house().identities.lift(session, clock)
    click.echo(f"{count} entries were lifted; calendars take them anew when they next ask.")
