"""The open figures for other programs: what was published, and nothing that is counted now."""

from itertools import islice
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from booking.api import answer_render as answers
from booking.api.participation_rows import FIGURE_COLUMNS, figures_of
from booking.api.participation_rules import check_published, code_of, read_wanted_figures
from booking.api.rules import Format
from booking.api.views import VERSION, address_after, blueprint
from booking.doors import public, same_for_all
from booking.publications.queries import published_periods, published_tables
from booking.work import reading


@blueprint.get(f"{VERSION}/participation")
@public
@same_for_all
def show_participation() -> ResponseReturnValue:
    return _participation(answers.format_wanted())


@blueprint.get(f"{VERSION}/participation.csv")
@public
@same_for_all
def participation_csv() -> ResponseReturnValue:
    return _participation(Format.CSV)


def _participation(form: Format) -> ResponseReturnValue:
    wanted = read_wanted_figures({name: request.args.getlist(name) for name in request.args})
    with reading() as (session, _clock):
        periods = published_periods(session)
        period = check_published(wanted, periods)
        tables = published_tables(session, period=period) if period else {}
    figures = list(figures_of(tables[code] for code in wanted.tables if code in tables))
    shown = list(islice(figures, wanted.after, wanted.after + wanted.limit))
    following = wanted.after + len(shown)
    address = address_after(following) if following < len(figures) and shown else None
    half_year = code_of(period) if period else None
    if form is Format.CSV:
        name = f"participation-{half_year or 'none'}"
        answer = answers.as_csv(FIGURE_COLUMNS, shown, name=name, keep=answers.FOR_ALL)
        return answers.with_next(answer, address)
    told: dict[str, Any] = {
        "half_year": half_year,
        "half_years": [code_of(each) for each in periods],
        "figures": shown,
        "next": address,
    }
    return answers.as_json(told, keep=answers.FOR_ALL)
