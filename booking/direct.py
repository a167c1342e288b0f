"""Statements put into the database's words once, and sent past SQLAlchemy: for what each request asks."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Executable,
    Integer,
    Select,
    String,
    any_,
    bindparam,
    func,
    select,
)
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.orm import Session

from booking.db import as_told_by_sqlalchemy
from booking.lines import Line, connected, errors_of, line_of

Row = tuple[Any, ...]
_Change = Callable[[Any], Any]


class Direct:
    """A statement for what is asked again and again, where putting it together would cost more than asking.

    Parameters and columns are what they are with SQLAlchemy: instants are aware, choices are members. No
    list is expanded that is given: it has to be one parameter.
    """

    def __init__(self, statement_for: Callable[[str], Executable], *, in_bytes: bool = False) -> None:
        """Take what makes the statement for a kind of database; it is made when it is first asked there.

        With `in_bytes` PostgreSQL answers in bytes, which are half as long as its words for them.
        """
        self._statement_for: Final = statement_for
        self._in_bytes: Final = in_bytes
        self._worded: Final[dict[str, _Worded]] = {}

    def within(self, session: Session | Line, **given: object) -> list[Row]:
        """Ask in the transaction that goes on, and return all rows."""
        line = line_of(session)
        return self.asked(line.driver, line.dialect, given)

    def alone(self, engine: Engine, **given: object) -> list[Row]:
        """Ask on a connection that holds no transaction, and return all rows."""
        connection = connected(engine)
        driver: Any = connection.driver_connection
        # On PostgreSQL one question is then a transaction of its own: there is nothing to begin and to end.
        has_mode = engine.dialect.name == "postgresql"
        try:
            if has_mode:
                driver.autocommit = True
            return self.asked(driver, engine.dialect, given)
        finally:
            if has_mode and not driver.closed:
                driver.autocommit = False
            connection.close()

    def asked(self, driver: Any, dialect: Dialect, given: Mapping[str, object]) -> list[Row]:  # noqa: ANN401 – the driver's own type
        """Ask the driver, and return all rows."""
        return self._words_for(dialect).read(self.told(driver, dialect, given).fetchall())

    def told(self, driver: Any, dialect: Dialect, given: Mapping[str, object]) -> Any:  # noqa: ANN401 – the driver's own types
        """Tell the driver, and return its cursor."""
        words = self._words_for(dialect)
        try:
            if self._in_bytes and dialect.name == "postgresql":
                return driver.execute(words.text, words.parameters(given), binary=True)
            return driver.execute(words.text, words.parameters(given))
        except errors_of(dialect) as error:
            raise as_told_by_sqlalchemy(error, dialect) from None

    def _words_for(self, dialect: Dialect) -> "_Worded":
        worded = self._worded.get(dialect.name)
        if worded is None:
            worded = self._worded[dialect.name] = _worded(self._statement_for(dialect.name), dialect)
        return worded


@dataclass(frozen=True, slots=True)
class _Worded:
    """A statement in the words of one database, and what changes values on the way there and back."""

    text: str
    order: Sequence[str] | None
    said: Mapping[str, Any]
    there: Mapping[str, _Change | None]
    back: Sequence[tuple[int, _Change]]

    def parameters(self, given: Mapping[str, object]) -> Any:  # noqa: ANN401 – as drivers take it
        told = dict(self.said)
        for name, value in given.items():
            change = self.there[name]
            told[name] = change(value) if change else value
        return told if self.order is None else [told[name] for name in self.order]

    def read(self, rows: Sequence[Any]) -> list[Row]:
        if not self.back:
            return [tuple(row) for row in rows]
        return [self._read(list(row)) for row in rows]

    def _read(self, row: list[Any]) -> Row:
        for place, change in self.back:
            row[place] = change(row[place])
        return tuple(row)


def is_among(database: str, column: Any, name: str, kind: Any = Integer) -> ColumnElement[bool]:  # noqa: ANN401 – a column of a table
    """Return what holds of a value that is in a list, which is given as one parameter of that name."""
    if database == "postgresql":
        is_one: ColumnElement[bool] = column == any_(bindparam(name, type_=ARRAY(kind)))
        return is_one
    each = func.json_each(bindparam(name, type_=String)).table_valued("value")
    is_in: ColumnElement[bool] = column.in_(select(each.c.value))
    return is_in


def as_one_parameter(database: str, values: Collection[int | str]) -> list[int | str] | str:
    """Return a list of numbers, or of names, as the database takes it whole."""
    return list(values) if database == "postgresql" else json.dumps(list(values))


def direct_reader(engine: Engine, question: Select[*tuple[Any, ...]]) -> Callable[..., Row | None]:
    """Return what asks the question, its named parameters given as they are, for its first row."""
    direct = Direct(lambda _database: question)

    def ask(**given: object) -> Row | None:
        rows = direct.alone(engine, **given)
        return rows[0] if rows else None

    return ask


def _worded(statement: Any, dialect: Dialect) -> _Worded:  # noqa: ANN401 – Executable does not tell that it compiles
    compiled = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
    there = {
        name: bind.type.dialect_impl(dialect).bind_processor(dialect)
        for bind, name in compiled.bind_names.items()
    }
    if getattr(compiled, "insert_prefetch", ()) or getattr(compiled, "update_prefetch", ()):
        message = "what a column holds if nothing is said has to stand in the statement"
        raise TypeError(message)
    columns = getattr(statement, "exported_columns", ())
    back = [each.type.dialect_impl(dialect).result_processor(dialect, None) for each in columns]
    # What the statement says by itself, such as a state that is asked for, or several of them.
    said = {
        name: there[name](bind.value) if there[name] else bind.value
        for bind, name in compiled.bind_names.items()
        if not (bind.required or bind.expanding or (bind.value is None and not bind.unique))
    }
    listed = {name: _plain(value) for name, value in compiled.params.items() if name not in there}
    return _Worded(
        text=str(compiled),
        order=compiled.positiontup,
        said={**said, **listed},
        there=there,
        back=[(place, change) for place, change in enumerate(back) if change],
    )


def _plain(value: object) -> object:
    return value.value if isinstance(value, Enum) else value
