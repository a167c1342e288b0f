"""One question asked of the database past SQLAlchemy's sessions: for what is asked for every single page."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any

from sqlalchemy import Select
from sqlalchemy.engine import Engine

Row = tuple[Any, ...]


def direct_reader(engine: Engine, question: Select[*tuple[Any, ...]]) -> Callable[..., Row | None]:
    """Return what asks the question, its named parameters given as they are, for its first row.

    The question is put into the database's words once. What comes back is as the driver gives it: columns
    whose type is one of ours are not for this.
    """
    compiled = question.compile(engine, compile_kwargs={"render_postcompile": True})
    statement, names = str(compiled), compiled.positiontup
    # On PostgreSQL one question is then a transaction of its own: there is nothing to begin and to end.
    has_mode = engine.dialect.name == "postgresql"

    def ask(**given: object) -> Row | None:
        connection = engine.raw_connection()
        driver: Any = connection.driver_connection
        try:
            with _by_itself(driver) if has_mode else nullcontext():
                row = driver.execute(statement, _in_order(names, given)).fetchone()
        finally:
            connection.close()
        return tuple(row) if row else None

    return ask


@contextmanager
def _by_itself(driver: Any) -> Iterator[None]:  # noqa: ANN401 – the driver's own type
    driver.autocommit = True
    try:
        yield
    finally:
        driver.autocommit = False


def _in_order(names: Sequence[str] | None, given: Mapping[str, object]) -> Any:  # noqa: ANN401 – as drivers take it
    return given if names is None else [given[name] for name in names]
