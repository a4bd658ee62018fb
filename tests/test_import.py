"""`import`: what an export says stands in people.yaml afterwards, and everything else stands there as it stood."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from supervision_notes.cli.main import run
from supervision_notes.importing import CannotImport, Fault, Import, Row, imported, read_rows
from supervision_notes.importing.roster import Roster

from .conftest import write
from .test_cli_questions import on_a_terminal
from .test_render import notes

TODAY = date(2026, 12, 1)
COLUMNS = {
    "code": "Staff code",
    "name": "Full name",
    "employee_number": "Employee number",
    "division": "Directorate",
    "start": "Start date",
    "leave": "Leaving date",
    "email": "E-mail",
    "eligible": "Clinical",
    "dates": "day-first",
}
KEYS = [key for key in COLUMNS if key != "dates"]
QUOTES = "look for a comma or a line end in a cell without quotes around it, and export it again"


def export(*rows: Mapping[str, str], separator: str = ",", ends: str = "\r\n") -> bytes:
    """A CSV file of rows by key; only the columns that some row fills."""
    keys = [key for key in KEYS if any(key in row for row in rows)]
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=separator, lineterminator=ends)
    writer.writerow([COLUMNS[key] for key in keys])
    writer.writerows([row.get(key, "") for key in keys] for row in rows)
    return file.getvalue().encode()


def bring(people: str, *rows: Mapping[str, str], **more: str) -> Import:
    """What rows would change in a register; its mapping names the columns that are there."""
    keys = {key for row in rows for key in row} | {"dates"}
    mapping = {**{key: column for key, column in COLUMNS.items() if key in keys}, **more}
    return imported(export(*rows), people.encode(), mapping, TODAY)


def taken(people: str, *rows: Mapping[str, str], **more: str) -> str:
    """The register after rows that have no fault."""
    found = bring(people, *rows, **more)
    assert found.faults == ()
    return found.register.decode()


# the export is read


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_whichever_program_wrote_it(separator: str, ends: str, mark: bytes) -> None:
    data = mark + export({"code": "SE-1", "name": 'A "B", C; D'}, separator=separator, ends=ends)
    rows, faults = read_rows(data, {"code": "Staff code", "name": "full  NAME"})
    assert [(row.number, dict(row.said)) for row in rows] == [(2, {"code": "SE-1", "name": 'A "B", C; D'})]
    assert faults == []


def test_rows_are_counted_as_a_spreadsheet_counts_them() -> None:
    data = b'Staff code,Full name\n\n"SE-1","A\nB"\n,\nSE-2\nSE-3,C,D\nSE-4,E,\n'
    rows, faults = read_rows(data, {"code": "Staff code", "name": "Full name"})
    assert [(row.number, row.said["name"]) for row in rows] == [(3, "A B"), (7, "E")]
    assert faults == [
        Fault(5, "", f"this row has 1 cell, and the header has 2: {QUOTES}"),
        Fault(6, "", f"this row has 3 cells, and the header has 2: {QUOTES}"),
    ]


@pytest.mark.parametrize(
    ("cell", "said"),
    [("  a  b ", "a b"), ("", None), (" ", None), ("~", None), ("null", None), ("NULL", None), ("Null", "Null"),
     ('="0012"', "0012"), ("\xa0a\xa0", "a")],
)  # fmt: skip
def test_what_a_cell_says(cell: str, said: str | None) -> None:
    ((row,), faults) = read_rows(export({"code": "SE-1", "name": cell}), {"code": "Staff code", "name": "Full name"})
    assert (row.said.get("name"), faults) == (said, [])


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "no column called “Staff code” and “Full name”.*, or correct the name there$"),
        (b"Staff code,Name\nSE-1,A\n", "no column called “Full name”.*: export it with that column, or correct"),
        (
            b"Staff code;Team  name\nSE-1;A\n",
            "or correct the name there. Its columns are “Staff code” and “Team name”$",
        ),
        (b"Staff code\tName\tTeam\n", "Its columns are “Staff code”, “Name” and “Team”$"),
        (",".join(f"C{n}" for n in range(30)).encode(), "Its columns are “C0”, .*, “C19” and 10 more$"),
        (
            b"Staff code,Full name,Full Name\nSE-1,A,B\n",
            "two columns called “Full name”: give one of them another name",
        ),
        ("Staff code,Full name\nSE-1,Zoë\n".encode("latin-1"), "not UTF-8 text"),
        ("Staff code,Full name\n".encode("utf-16"), "not UTF-8 text"),
    ],
)
def test_an_export_that_cannot_be_read(data: bytes, why: str) -> None:
    with pytest.raises(CannotImport, match=why):
        read_rows(data, {"code": "Staff code", "name": "Full name"})


def test_a_mapping_that_finds_nobody() -> None:
    with pytest.raises(CannotImport, match=r"no column of codes .*: name one with code: or employee_number:"):
        read_rows(b"Full name\nA\n", {"name": "Full name"})


def test_a_quote_that_is_never_closed() -> None:
    rows, faults = read_rows(b'Staff code\nSE-1\n"SE-2\nSE-3\n', {"code": "Staff code"})
    assert [row.said["code"] for row in rows] == ["SE-1"]
    assert [(fault.row, fault.message.split(": ")[1]) for fault in faults] == [(3, "close it, or export it again")]


DAYS = [
    ("2026-04-03", "2026-04-03", "2026-04-03", "2026-04-03"),
    ("2026-04-03 00:00:00", "2026-04-03", "2026-04-03", "2026-04-03"),
    ("03/04/2026", None, "2026-04-03", None),
    ("3.4.2026", None, "2026-04-03", None),
    ("03/04/2026 00:00", None, "2026-04-03", None),
    ("03/04/2026 09:30", None, None, None),
    ("04/04/2026", "2026-04-04", "2026-04-04", None),
    ("23/04/2026", "2026-04-23", "2026-04-23", None),
    ("04/23/2026", "2026-04-23", None, None),
    ("14-OCT-2026", "2026-10-14", "2026-10-14", None),
    ("14 October 2026", "2026-10-14", "2026-10-14", None),
    ("14-Oct-98", None, None, None),
    ("23/04/26", None, None, None),
    ("29/02/2026", None, None, None),
    ("29/02/2028", "2028-02-29", "2028-02-29", None),
    ("01/01/1850", None, None, None),
    ("46115", None, None, None),
    ("soon", None, None, None),
]


@pytest.mark.parametrize(("order", "at"), [("", 1), ("day-first", 2), ("iso", 3)])
@pytest.mark.parametrize("row", DAYS, ids=lambda row: row[0])
def test_a_date_is_read_in_one_way_or_refused(row: tuple[str, ...], order: str, at: int) -> None:
    mapping = {"code": "Staff code", "start": "Start date", **({"dates": order} if order else {})}
    ((found,), faults) = read_rows(export({"code": "SE-1", "start": row[0]}), mapping)
    if row[at] is None:
        assert [(fault.row, fault.column) for fault in faults] == [(2, "Start date")]
        assert row[0] not in faults[0].message
    else:
        assert (found.said["start"], faults) == (row[at], [])


@pytest.mark.parametrize("cell", ["31/12/4712", "31-DEC-4712", "4712-12-31 00:00:00", "9999-12-31", "29.02.2204"])
def test_a_last_day_of_a_far_year_is_none(cell: str) -> None:
    row = {"code": "SE-1", "leave": cell}
    mapping = {"code": "Staff code", "leave": "Leaving date", "dates": "day-first"}
    assert read_rows(export(row), mapping) == ([Row(2, {"code": "SE-1"}, endless=True)], [])
    people = "people:\n  SE-1: {name: A}\n"
    found = bring(people, row)
    assert (found.changes, found.faults, found.register.decode(), found.endless) == ((), (), people, 1)


@pytest.mark.parametrize("row", [{"leave": "31/11/4712"}, {"leave": "in 4712"}, {"start": "31/12/4712"}])
def test_a_far_year_means_nothing_else(row: dict[str, str]) -> None:
    assert [fault.message for fault in bring(PEOPLE, {"code": "SE-206", **row}).faults] == [
        "this is no date that is written day-first: write it such as 14/10/2026"
    ]


def test_an_ambiguous_date_says_the_way_out() -> None:
    ((_,), faults) = read_rows(export({"code": "A", "start": "3/4/26"}), {"code": "Staff code", "start": "Start date"})
    assert "dates: day-first" in faults[0].message


# whose a row is

PEOPLE = """\
people:
  SE-201: {name: Rhian Kettle, employee_numbers: [{number: 22, from: 2026-01-01}, {number: 11, until: 2025-12-31}]}
  SE-205: {name: Łukasz Żółć, employee_numbers: [{number: 33}]}
  SE-206: {name: Orla O'Brien}
"""
LEAVERS = """\
  SE-207: {name: Nia Rees, leave: 2026-05-31, employee_numbers: [{number: 55}]}
  SE-208: {name: Ines Duarte, leave: 2026-12-01, employee_numbers: [{number: 66}]}
  SE-209: {name: Tom Achebe, employee_numbers: [{number: 77, from: 2027-01-01}]}
"""


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"code": "SE-201"}, "SE-201"),
        ({"code": "se-201"}, "SE-201"),
        ({"employee_number": "22"}, "SE-201"),
        ({"code": "SE-201", "employee_number": "11"}, "SE-201"),
        ({"employee_number": "55", "leave": "2026-05-31"}, "SE-207"),
        ({"employee_number": "66"}, "SE-208"),
        ({"code": "SE-206", "employee_number": "44"}, "SE-206"),
        ({"code": "SE-300", "employee_number": "44"}, "SE-300"),
        ({"code": "SE-300", "employee_number": "11"}, "SE-300"),  # it was another's once
    ],
)
def test_whose_a_row_is(row: dict[str, str], code: str) -> None:
    (change,) = bring(PEOPLE + LEAVERS, {**row, "division": "Community"}).changes
    assert (change.code, change.row) == (code, 2)
    assert (change.before is None) == (code == "SE-300")


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ([{"code": "SE-300", "employee_number": "33"}], (2, "that of SE-205, and the row has a code that is new")),
        (
            [{"employee_number": "11"}],
            (2, "on 2026-12-01 nobody has this employee number, on other days it is SE-201's"),
        ),
        (
            [{"employee_number": "77"}],
            (2, "on 2026-12-01 nobody has this employee number, on other days it is SE-209's"),
        ),
        ([{"employee_number": "55"}], (2, "that of SE-207, who left on 2026-05-31: write the code")),
        ([{"employee_number": "55", "leave": "2026-06-30"}], (2, "that of SE-207, who left on 2026-05-31")),
        ([{"employee_number": "44"}], (2, "the register has nobody with this employee number, and no code")),
        ([{"name": "A", "code": ""}], (2, "there is no employee number, and no code")),
        ([{"code": "SE 300"}], (2, "this is no code")),
        ([{"code": "<<"}], (2, "this is no code")),
        ([{"code": "SE-201", "name": "A"}, {"code": "se-201", "name": "B"}], (3, "row 2 is about the same person")),
        ([{"code": "SE-206", "employee_number": "33"}], (2, "SE-205 has this employee number too")),
        ([{"code": "A-1", "employee_number": "9"}, {"code": "A-2", "employee_number": "9"}], (2, "A-2 has this")),
        ([{"code": "SE-206", "start": "2/1/2026", "leave": "1/1/2026"}], (2, "the last day comes before the first")),
        ([{"code": "SE-206", "employee_number": "2.01E+07"}], (2, "cut this number short: format the column as text")),
        ([{"employee_number": "2,01e+07"}], (2, "cut this number short: format the column as text")),
        ([{"code": "SE-206", "email": "nobody"}], (2, "another way of writing it")),
        ([{"code": "SE-206", "eligible": "perhaps"}], (2, "yes or no")),
        ([{"code": "SE-206", "name": "a\x07b"}], (2, "a sign in this cell")),
        ([{"code": "SE-206", "name": "a <!-- b"}], (2, "a sign in this cell")),
    ],
)
def test_all_rows_or_none(rows: list[dict[str, str]], fault: tuple[int, str]) -> None:
    sound = {"code": "SE-205", "division": "Children"}
    found = bring(PEOPLE + LEAVERS, *rows, sound)
    row, message = fault
    assert found.faults[0].row == row
    assert message in found.faults[0].message
    assert found.register.decode() == PEOPLE + LEAVERS


def test_the_column_is_named() -> None:
    (fault,) = bring(PEOPLE, {"code": "SE-206", "email": "nobody", "name": "A"}).faults
    assert (fault.row, fault.column) == (2, "E-mail")


def test_two_rows_that_say_the_same_are_one() -> None:
    row = {"code": "SE-201", "division": "Children"}
    assert len(bring(PEOPLE, row, row).changes) == 1


def test_nobody_is_deleted() -> None:
    people = PEOPLE + "  SE-207: {name: D, leave: 2026-01-01}\n"
    found = bring(people, {"code": "SE-205", "name": "L. Żółć"})
    assert found.gone == ("SE-201", "SE-206")
    assert set(Roster.read(found.register).people) == {"SE-201", "SE-205", "SE-206", "SE-207"}


def test_an_empty_cell_changes_nothing() -> None:
    found = bring(PEOPLE, {"code": "SE-206", "name": ""}, {"code": "SE-205", "name": "NULL"})
    assert found.changes == ()
    assert found.register.decode() == PEOPLE


def test_nobody_is_eligible_twice() -> None:
    assert taken(PEOPLE, {"code": "SE-206", "eligible": "Yes"}) == PEOPLE
    once = taken(PEOPLE, {"code": "SE-206", "eligible": "no"})
    assert once == PEOPLE.replace("O'Brien}", "O'Brien, eligible: no}")
    assert taken(once, {"code": "SE-206", "eligible": "YES"}) == once.replace("eligible: no", "eligible: yes")


# employee numbers have a history


@pytest.mark.parametrize(
    ("before", "number", "after"),
    [
        ("", "9", "[{number: 9}]"),
        ("[{number: 9}]", "9", "[{number: 9}]"),
        ("[{number: 8}]", "9", "[{number: 8, until: 2026-11-30}, {number: 9, from: 2026-12-01}]"),
        (
            "[{number: 8, from: 2026-12-01}]", "9",
            "[{number: 8, from: 2026-12-01, until: 2026-12-01}, {number: 9, from: 2026-12-01}]",
        ),
        (
            "[{number: 8}, {number: 9, until: 2026-11-30}]", "9",
            "[{number: 8, until: 2026-11-30}, {number: 9, until: 2026-11-30}, {number: 9, from: 2026-12-01}]",
        ),
        ("[{number: 9, until: 2026-12-01}]", "9", "[{number: 9, until: 2026-12-01}]"),
        ("{number: 8}", "9", "[{number: 8, until: 2026-11-30}, {number: 9, from: 2026-12-01}]"),
        ("[{number: 8, until: }]", "9", "[{number: 8, until:  2026-11-30}, {number: 9, from: 2026-12-01}]"),
        ("~", "9", "[{number: 9}]"),
        ("[]", "9", "[{number: 9}]"),
    ],
)  # fmt: skip
def test_an_old_number_moves_into_history(before: str, number: str, after: str) -> None:
    register = "people:\n  SE-1: {name: A%s}  # one\n"
    wanted = register % f", employee_numbers: {after}"
    text = register % (f", employee_numbers: {before}" if before else "")
    assert taken(text, {"code": "SE-1", "employee_number": number}) == wanted
    assert taken(wanted, {"code": "SE-1", "employee_number": number}) == wanted


def test_numbers_that_are_no_list_are_told() -> None:
    people = "people:\n  SE-1:\n    employee_numbers:\n      number: 8\n"
    (fault,) = bring(people, {"code": "SE-1", "employee_number": "9"}).faults
    assert "write a hyphen before each" in fault.message


@pytest.mark.parametrize(
    ("rows", "way_out"),
    [
        (
            [{"code": "SE-300", "employee_number": "33"}],
            "write the code SE-205, or for somebody else end the number in",
        ),
        ([{"employee_number": "55"}], "write the code SE-207, or for somebody else end the number in"),
        ([{"employee_number": "11"}], "write the code"),
        ([{"employee_number": "44"}], "write one, or add the person to people.yaml first"),
        ([{"code": "SE 300"}], "write letters and digits, 80 at most and no space, as in SE-201"),
        ([{"code": "SE-201", "name": "A"}, {"code": "SE-201", "name": "B"}], "keep one of the two"),
        ([{"code": "SE-206", "start": "soon"}], "write it such as 14/10/2026"),
        ([{"code": "SE-206", "name": "a\x07b"}], "type it anew, without <!-- and control signs"),
        # What a rule says is told with the way out that it knows.
        ([{"code": "SE-206", "employee_number": "33"}], "take it from the one whose it is not, or say with from: and"),
        ([{"code": "SE-206", "start": "2/1/2026", "leave": "1/1/2026"}], "look at both days"),
        ([{"code": "SE-206", "email": "nobody"}], "as in r.kettle@example.org. Used by nothing but reminders"),
        ([{"code": "SE-206", "eligible": "perhaps"}], "write yes or no"),
    ],
)
def test_a_fault_says_the_way_out(rows: list[dict[str, str]], way_out: str) -> None:
    fault = bring(PEOPLE + LEAVERS, *rows).faults[0]
    _, says = fault.message.split(": ", 1)
    assert says.startswith(way_out)


@pytest.mark.parametrize(("order", "such"), [("iso", "2026-10-14"), ("", "2026-10-14"), ("day-first", "14/10/2026")])
def test_a_day_that_is_none_is_told_how_it_is_written(order: str, such: str) -> None:
    mapping = {"code": "Staff code", "start": "Start date", **({"dates": order} if order else {})}
    _, (fault,) = read_rows(export({"code": "SE-1", "start": "soon"}), mapping)
    assert fault.message.endswith(f": write it such as {such}")
    ((row,), faults) = read_rows(export({"code": "SE-1", "start": such}), mapping)
    assert (row.said["start"], faults) == ("2026-10-14", [])


# nothing else is touched

LAYOUTS = [
    ("", "\npeople:\n  SE-1: {name: B, division: C}\n".removesuffix("\n")),
    ("# mine\n", "# mine\npeople:\n  SE-1: {name: B, division: C}\n"),
    ("people:\n", "people:\n  SE-1: {name: B, division: C}\n"),
    ("people:  # all", "people:  # all\n  SE-1: {name: B, division: C}"),
    ("people: ~\n", "people: {SE-1: {name: B, division: C}}\n"),
    ("people: {}\n", "people: {SE-1: {name: B, division: C}}\n"),
    ("{people: }\n", "{people:  {SE-1: {name: B, division: C}}}\n"),
    ("people:\n  SE-1:\n", "people:\n  SE-1: {name: B, division: C}\n"),
    ("people:\n  SE-1: {}  # new\n", "people:\n  SE-1: {name: B, division: C}  # new\n"),
    ("people:\n  SE-1: ~\n", "people:\n  SE-1: {name: B, division: C}\n"),
    ("people:\n  SE-1: {name: A}\n", "people:\n  SE-1: {name: B, division: C}\n"),
    ("people:\n  SE-1: {name: A, }\n", "people:\n  SE-1: {name: B, division: C, }\n"),
    ("people:\n  SE-1: {name: 'A', team: }\n", "people:\n  SE-1: {name: B, division: C, team: }\n"),
    ("people:\n  SE-1: {Division: D, name: A}\n", "people:\n  SE-1: {Division: C, name: B}\n"),
    ("people:\n  SE-1: {name: A, # who\n    band: 7 # and\n  }\n",
     "people:\n  SE-1: {name: B, # who\n    band: 7, division: C # and\n  }\n"),
    ("people:\n  SE-1:\n    name: A  # who\n    # more\n\n  # others\n  SE-2: {name: D}\n",
     "people:\n  SE-1:\n    name: B  # who\n    # more\n    division: C\n\n  # others\n  SE-2: {name: D}\n"),
    ("people:\n  SE-1:\n    name: >-\n      A\n      D\n    team: x\n",
     "people:\n  SE-1:\n    name: B\n    team: x\n    division: C\n"),
    ("people:\n    SE-1:\n          division:\n          name: A",
     "people:\n    SE-1:\n          division: C\n          name: B"),
    ('{"people": {"SE-1": {"name": "A"}}}', '{"people": {"SE-1": {"name": B, division: C}}}'),
    ("---\npeople:\n  SE-1: {name: A}\n...\n", "---\npeople:\n  SE-1: {name: B, division: C}\n...\n"),
    ("people:\n  SE-2: {name: D}\n# the end\n",
     "people:\n  SE-2: {name: D}\n  SE-1: {name: B, division: C}\n# the end\n"),
    ("people:\n  SE-2:\n    pauses:\n    - from: 2026-01-01\n\n# the end",
     "people:\n  SE-2:\n    pauses:\n    - from: 2026-01-01\n  SE-1: {name: B, division: C}\n\n# the end"),
    ("people: {SE-2: {name: D}}\n", "people: {SE-2: {name: D}, SE-1: {name: B, division: C}}\n"),
]  # fmt: skip


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(("before", "after"), LAYOUTS)
def test_what_is_added_looks_like_its_surroundings(before: str, after: str, ends: str, mark: str) -> None:
    before, after = (f"{mark}{text}".replace("\n", ends) for text in (before, after))
    if "\n" not in before and "\r" not in before:  # nothing says how lines end
        after = after.replace(ends, "\n")
    assert taken(before, {"code": "SE-1", "name": "B", "division": "C"}) == after


def test_what_is_added_at_one_place_stands_in_its_order() -> None:
    before = "people:\n  SE-1:\n    name: A\n    employee_numbers:\n      - number: 8\n"
    rows = {"code": "SE-1", "employee_number": "9", "division": "C"}, {"code": "SE-2", "name": "B"}
    assert taken(before, *rows) == before + (
        "        until: 2026-11-30\n      - {number: 9, from: 2026-12-01}\n    division: C\n  SE-2: {name: B}\n"
    )


CELLS = [
    "- x", "? x", ": x", "# x", "a: b", "a #b", "&a", "*a", "!!int 3", "|", ">", "%x", "@x", "`x`", "'", '"', "\\",
    "{a: b}",
    "[x]", "a, b", "--- x", "...", "<<", "yes", "010", "1e3", "14:30", "=cmd|x!A1", "+1", "____", "<b>", "{{ x }}",
    "é😀",
    "أمينة خليل", "a\u200fb", "O'Brien", 'the "boss"', "null and void", "x" * 2000, "None",
]  # fmt: skip


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("people", ["people:\n", "people:\n  SE-1: {name: A}\n", "people:\n  SE-1:\n    name: A\n"])
def test_no_cell_becomes_syntax(people: str, cell: str) -> None:
    text = taken(people, {"code": "SE-1", "name": cell}, {"code": "SE-2", "name": cell})
    assert Roster.read(text.encode()).people == {"SE-1": {"name": cell}, "SE-2": {"name": cell}}


WORDS = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp", "Cn", "Co"))
    | st.sampled_from(" :#,-{}[]&*'\"|>%~"),
    min_size=1,
    max_size=12,
).filter(lambda text: not text.strip().startswith('="'))  # how a spreadsheet keeps noughts: it says less than it holds
SAID = st.fixed_dictionaries(
    {},
    optional={
        "name": WORDS,
        "division": WORDS,
        "employee_number": st.sampled_from(["1", "2", "3", "E-4", "0005"]),
        "start": st.sampled_from(["2020-02-29", "1/2/2026", "14-OCT-2024"]),
        "eligible": st.sampled_from(["yes", "no", "No"]),
    },
)
CODES = ["SE-1", "SE-2", "SE-3", "SE-4"]
FACTS = {
    "name": ["A", '"A # B"', "'it''s'", ">-\n      A\n      B", "|-\n      A", "~", "", "A   # a remark"],
    "division": ["Community", "", '"C: D"'],
    "team": ["x", "[x", "  y  # why"],
    "employee_numbers": [
        "",
        "[]",
        "[{number: 1}]",
        "\n    - number: 1\n      # old\n    - {number: 2, until: 2020-01-01}",
    ],
    "start": ["2019-01-01", "~"],
    "eligible": ["no", "true"],
    "supervisors": ["\n      - {id: SV-1,\n         from: 2026-01-01}", "[{id: SV-1}]"],
}


@st.composite
def registers(draw: st.DrawFn) -> str:
    """Registers as people write them: in blocks and between braces, with remarks, blanks and empty lines."""
    lines = ["# The register", "people:"]
    for code in draw(st.lists(st.sampled_from(CODES), unique=True, max_size=4)):
        facts = draw(st.lists(st.sampled_from([*FACTS]), unique=True, max_size=4))
        said = {key: draw(st.sampled_from(FACTS[key])) for key in facts}
        if draw(st.booleans()) or not said:
            short = {key: value for key, value in said.items() if "\n" not in value and "#" not in value}
            lines.append(f"  {code}: {{{', '.join(f'{key}: {value}' for key, value in short.items())}}}")
        else:
            lines += [
                f"  {code}:  # {draw(st.integers(0, 9))}",
                *(f"    {key}: {value}" for key, value in said.items()),
            ]
        lines += draw(st.sampled_from([[], [""], ["    # inside"], ["  # between", ""]]))
    ends = draw(st.sampled_from(["\n", "\r\n"]))
    return ends.join("\n".join(lines).split("\n")) + draw(st.sampled_from(["", ends]))


def entries_of(line: Mapping[str, Any]) -> list[str]:
    return [entry["number"] for entry in line.get("employee_numbers", [])]


@settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=[*HealthCheck])
@given(registers(), st.dictionaries(st.sampled_from([*CODES, "SE-5"]), SAID, min_size=1))
def test_reading_back_gives_what_was_wanted_and_nothing_else_moves(text: str, said: dict[str, dict[str, str]]) -> None:
    before = Roster.of(text.encode())
    if not before.record.sound:
        return
    found = bring(text, *({"code": code, **facts} for code, facts in said.items()))
    if found.faults:
        assert found.register.decode() == text
        # Rows are refused for what they say, never for how the register is written.
        known = ("his employee number", "a sign in this cell")
        assert [fault.message for fault in found.faults if not any(why in fault.message for why in known)] == []
        return
    after = Roster.read(found.register)
    changed = {change.code: change.after for change in found.changes}
    assert after.people == {**before.people, **changed}
    for code, row in said.items():
        for key in ("name", "division"):
            if words := " ".join(row.get(key, "").split()):
                assert words in ("~", after.people[code].get(key))
        if number := row.get("employee_number"):
            assert number in entries_of(after.people[code])
            assert set(entries_of(before.people.get(code, {}))) <= set(entries_of(after.people[code]))
    # Every line that holds nothing of somebody who changed is there, byte by byte and in its order.
    lines = iter(found.register.decode().splitlines(keepends=True))
    for line in untouched(before, text, changed):
        assert line in lines
    again = bring(found.register.decode(), *({"code": code, **facts} for code, facts in said.items()))
    assert (again.changes, again.register) == ((), found.register)


def untouched(before: Roster, text: str, changed: Mapping[str, Any]) -> list[str]:
    """The lines outside the lines of people who changed; the last may get a line end."""
    starts = sorted((span.line, code) for code, span in before.register.places.items())
    kept, whose = [], ""
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        whose = next((code for start, code in starts if start == number), whose)
        if whose not in changed and line.endswith("\n"):
            kept.append(line)
    return kept


def test_the_property_sees_changes() -> None:
    """The test above would be no test if every example were refused."""
    before = Roster.read(PEOPLE.encode())
    assert (
        untouched(before, PEOPLE, {"SE-201": {}}) == PEOPLE.splitlines(keepends=True)[:1] + PEOPLE.splitlines(True)[2:]
    )
    assert len(untouched(before, PEOPLE, {})) == 4


# the command

MAPPING = "{code: Staff code, name: Full name, employee_number: Employee number, division: Directorate}"
SETTINGS = f"organisation: A\nimport: {MAPPING}\n"


def workspace(root: Path, *rows: Mapping[str, str], people: str = PEOPLE, settings: str = SETTINGS) -> Path:
    write(root, {"supervision.yaml": settings, "people.yaml": people, "staff.csv": export(*rows)})
    return root


ROWS = (
    {"code": "SE-201", "employee_number": "99", "name": "Rhian Kettle", "division": "Children"},
    {"code": "SE-300", "employee_number": "44", "name": "Aoife Brannigan", "division": ""},
)
SHOWN = """\
~ SE-201
    Employee numbers: 22 from 2026-01-01, 11 until 2025-12-31 → 22 from 2026-01-01 until 2026-11-30, 11 until 2025-12-31, 99 from 2026-12-01
    Division: nothing → Children
+ SE-300: {name: Aoife Brannigan, employee_numbers: [{number: 44}]}
not in the export, and left as they are: SE-205, SE-206
"""  # noqa: E501


def test_a_diff_comes_before_anything_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = workspace(tmp_path, *ROWS)
    command = ["-C", str(root), "import", "staff.csv", "--as-at", "2026-12-01"]
    assert run(command) == 0
    told = capsys.readouterr()
    assert told.out == SHOWN
    assert told.err == "1 new, 1 changed, 2 not in the export. Nothing was written: --write writes it.\n"
    assert (root / "people.yaml").read_text() == PEOPLE
    assert run([*command, "--write"]) == 0
    told = capsys.readouterr()
    assert told.out == SHOWN
    assert told.err == "1 new, 1 changed, 2 not in the export: people.yaml is written.\n"
    assert Roster.read((root / "people.yaml").read_bytes()).people["SE-300"]["name"] == "Aoife Brannigan"
    assert run([*command, "--write"]) == 0
    assert capsys.readouterr().err == "0 new, 0 changed, 2 not in the export: people.yaml stays as it is.\n"
    assert run([*command, "-q"]) == 0
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("rows", "code", "more"),
    [
        (ROWS, 0, "11 until\n      2025-12-31 → 22 from 2026-01-01 until 2026-11-30, 11\n"),
        (
            ({**ROWS[1], "employee_number": "33"},),
            1,
            "the row\n  has a code that is new: write the code SE-205, or for\n  somebody",
        ),
    ],
)
def test_on_a_terminal_lines_fit_and_hang(rows: Any, code: int, more: str, tmp_path: Path) -> None:
    root = workspace(tmp_path, *rows)
    line = "import staff.csv --as-at 2026-12-01"
    shown, whole = on_a_terminal(root, line, 60, NO_COLOR="1", code=code), notes(*line.split(), at=root)
    assert max(map(len, shown.splitlines())) <= 60 < max(map(len, whole.out.splitlines()))
    assert more in shown
    assert sorted(shown.split()) == sorted((whole.out + whole.err).split())


def test_a_last_day_that_is_none_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = "organisation: A\nimport: {code: Staff code, leave: Leaving date}\n"
    root = workspace(tmp_path, {"code": "SE-206", "leave": "31/12/4712"}, settings=settings)
    assert run(["-C", str(root), "import", "staff.csv"]) == 0
    assert capsys.readouterr().err == (
        "1 row with a last day after the year 2199: taken for none.\n"
        "0 new, 0 changed, 2 not in the export: people.yaml stays as it is.\n"
    )


def test_a_mistake_is_told_by_its_row(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = workspace(
        tmp_path, *ROWS, {"employee_number": "7", "name": "Wrenfield"}, {"code": "a b", "name": "Tattoowort"}
    )
    assert run(["-C", str(root), "import", "staff.csv", "--write"]) == 1
    told = capsys.readouterr()
    assert [line.split(":")[0] for line in told.out.splitlines()] == ["row 4", "row 5"]
    assert told.err == "nothing was written: 2 mistakes in the export.\n"
    assert not {"Wrenfield", "Tattoowort"} & {*told.out.split(), *told.err.split()}
    assert (root / "people.yaml").read_text() == PEOPLE


def test_the_first_import_makes_the_register(tmp_path: Path) -> None:
    root = workspace(tmp_path, *ROWS)
    (root / "people.yaml").unlink()
    assert run(["-C", str(root), "import", "staff.csv"]) == 0
    assert not (root / "people.yaml").exists()
    assert run(["-C", str(root), "import", "staff.csv", "--write"]) == 0
    text = (root / "people.yaml").read_text()
    assert text.startswith("# The register")
    assert set(Roster.read(text.encode()).people) == {"SE-201", "SE-300"}


def test_a_register_that_a_link_leads_to_elsewhere_is_not_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "ws").mkdir()
    root = workspace(tmp_path / "ws", *ROWS)
    (root / "people.yaml").rename(tmp_path / "theirs.yaml")
    (root / "people.yaml").symlink_to(tmp_path / "theirs.yaml")
    for more in ((), ("--write",)):
        assert run(["-C", str(root), "import", "staff.csv", *more]) == 2
        told = capsys.readouterr()
        assert (told.out, "people.yaml leads out of the workspace by a link" in told.err) == ("", True)
    assert (tmp_path / "theirs.yaml").read_text() == PEOPLE


def test_the_mode_of_the_register_is_kept(tmp_path: Path) -> None:
    root = workspace(tmp_path, *ROWS)
    (root / "people.yaml").chmod(0o600)
    assert run(["-C", str(root), "import", "staff.csv", "--write"]) == 0
    assert (root / "people.yaml").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("settings", "people", "file", "said"),
    [
        ("organisation: A\n", PEOPLE, "staff.csv", "does not say yet which column is which"),
        ("organisation: A\nimport: {code: Code}\n", PEOPLE, "staff.csv", "no column called “Code”, which import:"),
        (
            "organisation: A\nimport: {code: Staff code, dates: us}\n",
            PEOPLE,
            "staff.csv",
            "supervision.yaml has errors",
        ),
        ("organisation: A\nimport: {cod: Staff code}\n", PEOPLE, "staff.csv", "supervision.yaml has errors"),
        (SETTINGS, "people: [a]\n", "staff.csv", "people.yaml has errors"),
        (SETTINGS, "people:\n  SE-1: {name: A, name: B}\n", "staff.csv", "people.yaml has errors"),
        (SETTINGS, PEOPLE, "other.csv", "there is no file “other.csv”: name it by its path from here, or"),
    ],
)
def test_wrong_use_gets_a_sentence(
    settings: str, people: str, file: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = workspace(tmp_path, *ROWS, settings=settings, people=people)
    assert run(["-C", str(root), "import", file, "--write"]) == 2
    told = capsys.readouterr().err
    assert (said in told, told.count("\n"), "<U+" in told) == (True, 1, False)
    assert (root / "people.yaml").read_text() == people
