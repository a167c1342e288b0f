"""Ask ical.js, node-ical and libical what they find in our calendars, and print what is otherwise than ours.

Needs node, a C compiler and libical's headers, and the two packages: in an empty folder `npm install ical.js
node-ical`, then here `python -m bench.readers FOLDER`.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from booking.feeds.render import render_calendar
from booking.feeds.rules import Entry
from tests.feeds.hostile import CLEANED, HOSTILE, dates_over_both_changes, entry

HERE = Path(__file__).parent
Found = Mapping[str, Sequence[Any]]


def main() -> None:
    """Ask each reader about each calendar, and end badly if one of them finds anything else."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where ical.js and node-ical are installed")
    folder = parser.parse_args().folder.resolve()
    wrong = 0
    with tempfile.TemporaryDirectory() as work:
        readers = _readers(folder, Path(work))
        for name, entries, expected in _calendars():
            file = Path(work) / "calendar.ics"
            file.write_bytes(render_calendar(entries, name="Granlia bibliotek", called_off="AVLYST"))
            for reader, command in readers.items():
                told = subprocess.run(
                    [*command, str(file)], capture_output=True, check=True, text=True
                ).stdout
                differing = _differing(json.loads(told), expected)
                wrong += len(differing)
                print(f"{reader}: {name}: {len(expected)} events, {len(differing)} otherwise {differing[:3]}")
    sys.exit(wrong > 0)


def _readers(folder: Path, work: Path) -> Mapping[str, Sequence[str]]:
    program = work / "libical"
    subprocess.run(["cc", "-o", str(program), str(HERE / "libical.c"), "-lical"], check=True)
    found: dict[str, Sequence[str]] = {"libical": [str(program)]}
    for name in ("ical_js", "node_ical"):
        # Node looks for packages beside the script that asks for them.
        script = folder / f"{name}.mjs"
        script.write_text((HERE / script.name).read_text(encoding="utf-8"), encoding="utf-8")
        found[name.replace("_", "-")] = ["node", str(script)]
    return found


def _calendars() -> Sequence[tuple[str, list[Entry], Found]]:
    dates = dates_over_both_changes()
    hostile = [
        entry(uid=f"{number}-{field}", **{field: text})
        for number, text in enumerate(HOSTILE)
        for field in ("title", "description", "place")
    ]
    words = {
        f"{number}-{field}": (field, clean)
        for number, clean in enumerate(CLEANED)
        for field in ("title", "description", "place")
    }
    begin = datetime(2026, 11, 24, 16, tzinfo=UTC)
    starts = [begin + timedelta(hours=3 * number) for number in range(1500)]
    many = [entry(uid=f"{at:%Y%m%d%H}", starts_at=at) for at in starts]
    return (
        ("nothing", [], {}),
        ("both changes of clock", dates, {each.uid: _told(each) for each in dates}),
        ("hostile words", hostile, {each.uid: _told(each, *words[each.uid]) for each in hostile}),
        ("1,500 meetings", many, {each.uid: _told(each) for each in many}),
    )


def _told(each: Entry, field: str = "", clean: str = "") -> Sequence[Any]:
    words = {"title": each.title, "description": each.description, "place": each.place}
    if field:
        words[field] = clean.strip() if field == "description" else " ".join(clean.split())
    return [
        each.starts_at.timestamp(),
        each.ends_at.timestamp(),
        words["title"],
        f"{words['description']}\n\n{each.url}",
        words["place"],
        14,
    ]


def _differing(found: Found, expected: Found) -> list[tuple[str, Any, Any]]:
    return [
        (uid, found.get(uid), told)
        for uid, told in expected.items()
        if uid not in found or not _same(found[uid], told)
    ] + [(uid, told, None) for uid, told in found.items() if uid not in expected]


def _same(found: Sequence[Any], told: Sequence[Any]) -> bool:
    """Compare what is told; a reader that does not count the properties tells nothing there."""
    return list(found[:5]) == list(told[:5]) and found[5] in {told[5], None}


if __name__ == "__main__":
    main()
