"""Whether the house stands, for whoever runs it."""

from datetime import timedelta

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from booking.doors import public
from booking.health.rules import Condition, letters_condition, shape_condition
from booking.outbox.queries import oldest_due_at
from booking.work import reading

blueprint = Blueprint("health", __name__)

_LATEST_LETTER = timedelta(minutes=15)


@blueprint.get("/healthz")
@public
def alive() -> ResponseReturnValue:
    return "ok\n", 200, {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"}


@blueprint.get("/readyz")
@public
def ready() -> ResponseReturnValue:
    conditions = _conditions()
    is_ready = all(condition is Condition.GOOD for condition in conditions.values())
    answer = jsonify({name: condition.value for name, condition in conditions.items()})
    answer.headers["Cache-Control"] = "no-store"
    return answer, 200 if is_ready else 503


def _conditions() -> dict[str, Condition]:
    try:
        with reading() as (session, clock):
            found = MigrationContext.configure(session.connection()).get_current_revision()
            newest = ScriptDirectory(current_app.extensions["migrate"].directory).get_current_head()
            shape = shape_condition(found=found, newest=newest)
            if shape is not Condition.GOOD:
                return {"database": Condition.GOOD, "shape": shape}
            due_at = oldest_due_at(session)
            letters = letters_condition(oldest_due_at=due_at, now=clock(), patience=_LATEST_LETTER)
    except SQLAlchemyError:
        return {"database": Condition.AWAY}
    return {"database": Condition.GOOD, "shape": shape, "letters": letters}
