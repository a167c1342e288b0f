"""Promises about the code itself: doors, commits, clocks, secrets, layers, personal columns, addresses."""

import ast
import gc
import sys
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import JSON, Column, Enum, String

from booking import create_app
from booking.db import Base
from booking.doors import door_of
from booking.privacy.register import registered_columns
from tests.conftest import settings_for

TOP = Path(__file__).parent.parent
CODE = TOP / "booking"

DOORS = {"public", "link_holder", "signed_in", "staff"}

# Text about nobody in tables about somebody; each is here because someone looked at it.
IMPERSONAL = {
    "account.password_hash",  # opens nothing by itself and tells nothing of its owner
    "account.session_key",  # chance
    "account.passkey_handle",  # chance
    "account.totp_secret",  # encrypted chance
    "account.recovery_codes",  # fingerprints of chance
    "link.fingerprint",  # of a secret
    "letter.key",  # the act and its number
    "letter.about",  # the act and its number
    "letter.message_id",  # chance
    "letter.template",
    "letter.last_trouble",  # the kind of trouble, never what a mail server said
    "participant.person_key",  # chance; erasing the row cuts it from the figures
    "notice.groups",  # where a sign-up stands
    "notice.send_key",  # chance
    "passkey.transports",
    "signup.ask_key",  # chance
    "signup.uid",  # chance
}

# Addresses that are printed on posters, subscribed to or built upon. They never change.
PRINTED_ADDRESSES = {
    "/": "whats_on.show_home",
    "/activities": "whats_on.list_activities",
    "/activities/<slug>": "whats_on.show_activity",
    "/libraries/<slug>": "whats_on.show_library",
    "/months/<month>": "whats_on.show_month",
    "/a/<code>": "whats_on.follow_short_link",
    "/occasions/<int:occasion_id>/sign-up": "family.show_form",
    "/signups/<token>": "family.show_signup",
    "/confirm/<token>": "family.show_confirmation",
    "/my": "family.show_my",
    "/calendar/all.ics": "feeds.all_meetings",
    "/calendar/<slug>.ics": "feeds.of_library",
    "/calendar/activities/<slug>.ics": "feeds.of_activity",
    "/calendar/meetings/<uid>.ics": "feeds.of_meeting",
    "/activities.atom": "whats_on.atom_feed",
    "/embed/activities": "whats_on.embed_activities",
    "/embed/next": "whats_on.embed_next",
    "/sitemap.xml": "whats_on.show_sitemap",
    "/robots.txt": "whats_on.show_robots",
    "/participation": "reports.show_participation",
    "/privacy": "privacy.show_notice",
    "/accessibility": "privacy.show_accessibility",
    "/about": "privacy.show_about",
    "/healthz": "health.alive",
    "/readyz": "health.ready",
}


@dataclass(frozen=True)
class Module:
    """A file of ours, read but not run."""

    path: Path
    tree: ast.Module

    @property
    def name(self) -> str:
        return str(self.path.relative_to(CODE))

    @property
    def layer(self) -> str:
        """The file's name, which says its layer: a second noun goes before it, as in sign_in_views.py."""
        return self.path.stem.rpartition("_")[2]

    def calls(self) -> Iterator[ast.Call]:
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.Call))

    def functions(self) -> Iterator[ast.FunctionDef]:
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef))

    def imports(self) -> Iterator[tuple[str, ast.stmt]]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((alias.name, node) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield f"{'.' * node.level}{node.module or ''}", node


@cache
def modules() -> Sequence[Module]:
    paths = sorted(path for path in CODE.rglob("*.py") if "migrations" not in path.parts)
    # Garbage that is collected in the middle of a parse, and warns, confuses Python 3.11's parser.
    gc.disable()
    try:
        return [Module(path, ast.parse(path.read_text(encoding="utf-8"))) for path in paths]
    finally:
        gc.enable()


def in_rooms() -> list[Module]:
    return [module for module in modules() if module.path.parent != CODE]


def views() -> Iterator[tuple[Module, ast.FunctionDef]]:
    for module in modules():
        for function in module.functions():
            if any(_is_address(decorator) for decorator in function.decorator_list):
                yield module, function


def _is_address(decorator: ast.expr) -> bool:
    function = decorator.func if isinstance(decorator, ast.Call) else decorator
    return isinstance(function, ast.Attribute) and function.attr in {"get", "post", "route"}


def _root(node: ast.expr) -> str:
    """Return the first name of `blueprint.get("/")`, `staff(Right.X)` or `public`."""
    while isinstance(node, ast.Call | ast.Attribute):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    folder = tmp_path_factory.mktemp("rules")
    return create_app(settings_for(folder, f"sqlite:///{folder / 'booking.db'}"))


def test_every_way_in_has_a_door(service: Flask) -> None:
    open_ways = [name for name, view in service.view_functions.items() if door_of(view) is None]

    assert open_ways == ["static"]


def test_no_view_wears_two_doors() -> None:
    wrong = [
        f"{module.name}: {view.name}"
        for module, view in views()
        if sum(_root(decorator) in DOORS for decorator in view.decorator_list) != 1
    ]

    assert wrong == []


def test_looking_and_doing_are_two_views(service: Flask) -> None:
    ways = {
        rule.endpoint: (rule.methods or set()) - {"HEAD", "OPTIONS"} for rule in service.url_map.iter_rules()
    }

    assert [endpoint for endpoint, methods in ways.items() if len(methods) != 1] == []


def test_a_view_has_at_most_fifteen_lines() -> None:
    long = [
        f"{module.name}: {view.name}"
        for module, view in views()
        if (view.end_lineno or 0) - view.body[0].lineno + 1 > 15
    ]

    assert long == []


@pytest.mark.parametrize(("address", "endpoint"), PRINTED_ADDRESSES.items())
def test_an_address_that_people_print_leads_where_it_always_led(
    service: Flask, address: str, endpoint: str
) -> None:
    found = {rule.endpoint for rule in service.url_map.iter_rules() if rule.rule == address}

    assert endpoint in found


def test_only_the_unit_of_work_commits() -> None:
    committers = {
        module.name
        for module in modules()
        for call in module.calls()
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in {"begin", "commit", "rollback"}
        and _root(call.func) != "datastore"
    }

    assert committers == {"work.py"}


def test_only_the_clock_asks_what_time_it_is() -> None:
    asking = {
        module.name
        for module in modules()
        for call in module.calls()
        if isinstance(call.func, ast.Attribute)
        and (_root(call.func), call.func.attr)
        in {
            ("datetime", "now"),
            ("datetime", "utcnow"),
            ("datetime", "today"),
            ("date", "today"),
            ("time", "time"),
            ("func", "now"),
            ("func", "current_timestamp"),
        }
    }

    assert asking == {"clock.py"}


def test_only_one_module_makes_secrets_and_identities() -> None:
    makers = {
        module.name
        for module in modules()
        for name, _node in module.imports()
        if name in {"secrets", "uuid", "random"}
    }

    assert makers == {"tokens.py"}


def test_imports_stand_at_the_top_and_name_their_full_path() -> None:
    wrong = [
        f"{module.name}:{node.lineno}"
        for module in modules()
        for name, node in module.imports()
        if name.startswith(".") or (node.col_offset > 0 and not _depends_on_the_machine(module, node))
    ]

    assert wrong == []


def _depends_on_the_machine(module: Module, node: ast.stmt) -> bool:
    # Top-level `if sys.platform …` and `try … except ImportError` choose what a machine has.
    branches = [branch for branch in module.tree.body if isinstance(branch, ast.If | ast.Try)]
    return any(node in ast.walk(branch) for branch in branches)


def test_a_rule_stands_on_plain_values_only() -> None:
    wrong = [module.name for module in in_rooms() if module.layer == "rules" and not _is_plain(module)]

    assert wrong == []


def _is_plain(module: Module) -> bool:
    """Tell whether a module stands on the standard library, the plain ground and plain modules only."""
    ground = {"booking.errors", "booking.clock", "booking.rights", "booking.wording"}
    ours = {f"booking.{found.name.removesuffix('.py').replace('/', '.')}": found for found in in_rooms()}
    return all(
        name.partition(".")[0] in sys.stdlib_module_names
        or name in ground
        or (name in ours and _is_plain(ours[name]))
        for name, _node in module.imports()
    )


def test_in_a_room_only_its_edge_knows_the_web() -> None:
    edge = {
        "views",
        "forms",
        "messages",
        "commands",
        "guard",
        "passes",
        "post",
        "register",
        "render",
        "wording",
    }
    web = ("flask", "wtforms", "werkzeug", "booking.work", "booking.i18n", "booking.pages", "booking.doors")
    wrong = [
        f"{module.name} imports {name}"
        for module in in_rooms()
        if module.layer not in edge
        for name, _node in module.imports()
        if name.startswith(web)
    ]

    assert wrong == []


def test_a_file_with_a_second_noun_keeps_the_order_of_its_layer() -> None:
    order = {"rules": 0, "models": 1, "queries": 2, "operations": 3, "forms": 4, "messages": 4, "views": 5}
    wrong = [
        f"{module.name} imports {name}"
        for module in in_rooms()
        for name, _node in module.imports()
        if name.startswith(f"booking.{module.path.parent.name}.")
        and order.get(name.rpartition(".")[2].rpartition("_")[2], 0) > order.get(module.layer, 9)
    ]

    assert wrong == []


def test_an_operation_takes_its_session_and_clock_first_and_the_rest_by_name() -> None:
    allowed: tuple[list[str], ...] = ([], ["session"], ["clock"], ["session", "clock"])
    wrong = [
        f"{module.name}: {function.name}"
        for module in in_rooms()
        if module.layer == "operations"
        for function in module.tree.body
        if isinstance(function, ast.FunctionDef) and not function.name.startswith("_")
        if [argument.arg for argument in function.args.args] not in allowed
    ]

    assert wrong == []


def test_every_room_has_its_place_in_the_order() -> None:
    configuration = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = configuration["tool"]["importlinter"]["contracts"]
    ordered = {room.strip() for line in contracts[0]["layers"] for room in line.split("|")}
    folders = {path.parent for path in CODE.glob("*/__init__.py")}

    assert {folder.name for folder in folders} == {room for room in ordered if not room.startswith("(")}
    assert {f"booking.{folder.name}" for folder in folders} == set(contracts[1]["containers"])


def test_a_migration_is_numbered_and_imports_nothing_of_ours() -> None:
    paths = sorted((CODE / "migrations" / "versions").glob("*.py"))

    assert [int(path.name[:4]) for path in paths] == list(range(1, len(paths) + 1))
    assert [path.name for path in paths if "booking" in path.read_text(encoding="utf-8")] == []


def test_rows_come_whole_or_not_at_all() -> None:
    lazy = [
        str(relation)
        for mapper in Base.registry.mappers
        for relation in mapper.relationships
        if relation.lazy != "raise"
    ]

    assert lazy == []


def test_every_column_about_a_person_stands_in_the_register_and_nothing_else_does() -> None:
    marked = {str(column) for column in _columns() if column.info.get("personal")}

    assert sorted(column for column, _purpose in registered_columns()) == sorted(marked)


def test_every_text_in_a_table_about_people_is_personal_or_was_looked_at() -> None:
    about_people = {column.table for column in _columns() if column.info.get("personal")}
    texts = {
        str(column)
        for column in _columns()
        if column.table in about_people
        and isinstance(column.type, String | JSON)
        and not isinstance(column.type, Enum)
        and not column.info.get("personal")
    }

    assert texts == IMPERSONAL


def _columns() -> Iterator[Column[Any]]:
    for table in Base.metadata.sorted_tables:
        yield from table.columns
