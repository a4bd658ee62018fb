"""The shapes that users' files stand on: they are read as they are, remarks and all."""

from __future__ import annotations

from collections.abc import Callable

from supervision_notes.reading import Checked

from .conftest import Files

SETTINGS = """\
organisation: Riverside Community Trust
owner: SV-014
framework: proctor
policy: [eight-weeks]         # looked up in policies/, then among the shipped
language: en-GB
severity: {line-manager-supervises: off}
"""
PEOPLE = """\
people:
  SE-201:
    {name: Rhian Kettle, profession: nursing, band: 7, division: Community,
     supervisors: [{id: SV-014, from: 2026-01-01, relationship: senior-colleague}]}
  SV-014: {name: M}
  SE-205: {name: A}
  SE-206: {name: B}
  SE-207: {name: C}
  SE-208: {name: D}
"""
GROUP = """\
---
kind: session
id: 2026-10-22-pg1
date: 2026-10-22
start: 10:00
minutes: 120
type: peer-group
approach: case-supervision
mode: in-person
status: recorded
facilitator: SE-205            # may be a member; other types have `supervisor: SV-014`
group: pg1
attendance:
  SE-205: present
  SE-206: present
  SE-207: apologies            # present | apologies | did-not-attend | late 40
  SE-208: late 40
agreement: agr-2026-pg1
previous: 2026-08-27-pg1
next_date: 2026-12-17
---
## Focus question
a
## Exploration
b
## Decisions
None yet.
## Actions
None.
## Risk and safeguarding
None raised
"""
AGREEMENT = """\
---
kind: agreement
id: agr-2026-se201
form: individual
version: 1
status: to-sign
start: 2026-01-12
review_date: 2027-01-12
parties: [{person: SV-014, role: supervisor}, {person: SE-201, role: supervisee}]
meeting: {every: 8 weeks, minutes: 60, mode: online}    # every: 8 weeks | fortnight | month | 10 days
exceptions:
  - {ground: serious-harm-to-others, discuss_first: expected}
  - {ground: harmful-practice-unchanged, discuss_first: expected}
organisation_receives: attendance                       # or a list: attendance, approach, …
records: {written_by: supervisor, kept_by: both, retention_years: 3, retention_from: end-of-agreement}
---
"""


GROUP_AGREEMENT = (
    AGREEMENT.replace("agr-2026-se201", "agr-2026-pg1")
    .replace("individual", "group")
    .replace("SV-014, role: supervisor}", "SE-205, role: facilitator}, {person: SE-206, role: member}")
    .replace("SE-201, role: supervisee}", "SE-208, role: member}")
)
# What the shapes name lies in the same folder.
OTHERS = {
    "agreements/agr-2026-pg1.md": GROUP_AGREEMENT,
    "sessions/2026-08-27-pg1.md": GROUP.replace("2026-10-22", "2026-08-27").replace("previous: 2026-08-27-pg1\n", ""),
}


def test_the_shapes_of_the_contract_have_no_error(check: Callable[[Files], Checked]) -> None:
    files = {
        "supervision.yaml": SETTINGS,
        "people.yaml": PEOPLE,
        "sessions/2026-10-22-pg1.md": GROUP,
        "agreements/agr-2026-se201.md": AGREEMENT,
        **OTHERS,
    }
    found = check(files)
    assert [str(problem) for problem in found.problems if problem.severity == "error"] == []
    # The agreements have facts alone; their clauses are still to be written, and they wait to be signed.
    warned = {problem.rule for problem in found.problems if problem.severity == "warning"}
    assert warned == {"missing-field", "no-agreement-in-force"}
    assert len(found.workspace.records) == 4
