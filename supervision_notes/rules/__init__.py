"""Every rule, in the order in which they are looked at.

A rule is only for what needs two records, a clock or a register; what a schema can say is said there, and found while
a text is read (`mistakes`).
"""

from __future__ import annotations

from collections.abc import Mapping

from ..mistakes import structure, text
from ..problem import Mistake, Rule
from .agreements import blank_left, dates_out_of_order, unsafe_discuss_first
from .base import RecordRule, WorkspaceRule
from .links import duplicate_id
from .practice import group_too_small, own_supervisor
from .privacy import possible_identifier, private_record_of_another
from .register import missing_asset, unknown_person

RECORD_RULES: tuple[RecordRule, ...] = (
    group_too_small,
    own_supervisor,
    blank_left,
    unsafe_discuss_first,
    dates_out_of_order,
    possible_identifier,
    private_record_of_another,
    unknown_person,
)

WORKSPACE_RULES: tuple[WorkspaceRule, ...] = (duplicate_id,)

MISTAKES: tuple[Mistake, ...] = (
    *(found for module in (text, structure) for found in vars(module).values() if isinstance(found, Mistake)),
    missing_asset,
)

CATALOGUE: Mapping[str, Rule] = {
    rule.code: rule for rule in sorted((*MISTAKES, *RECORD_RULES, *WORKSPACE_RULES), key=lambda rule: rule.code)
}


def rule_named(name: str) -> Rule | None:
    """The rule with a code or a slug, in whatever case."""
    wanted = name.strip().lower().replace("_", "-")
    return next((rule for rule in CATALOGUE.values() if wanted in (rule.code.lower(), rule.slug)), None)
