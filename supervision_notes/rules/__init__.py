"""Every rule, in the order in which they are looked at.

A rule is only for what needs two records, a clock or a register; what a schema can say is said there, and found while
a text is read (`mistakes`).
"""

from __future__ import annotations

from collections.abc import Mapping

from ..mistakes import structure, text
from ..problem import Mistake, Rule
from .actions import action_without_number, action_without_owner, carried_without_date, dropped_without_reason
from .agreements import (
    agreement_expired,
    agreement_overlap,
    blank_left,
    dates_out_of_order,
    no_agreement_in_force,
    unsafe_discuss_first,
)
from .base import RecordRule, WorkspaceRule
from .chains import (
    chain_restarted,
    circular_chain,
    forked_chain,
    previous_is_later,
    previous_of_others,
    review_of_unknown_action,
)
from .continuity import answered_before, carried_too_often, overdue_action, unreviewed_action
from .links import dangling_link, duplicate_id, wrong_kind_link
from .policies import policy_out_of_date, unknown_policy
from .practice import group_too_small, late_throughout, line_manager_supervises, own_supervisor
from .privacy import possible_identifier, private_record_of_another, words_in_id
from .programme import ends_before_it_starts, ineligible_session, no_profile, no_supervisor, supervisor_has_left
from .register import (
    duplicate_employee_number,
    missing_asset,
    no_employee_number,
    old_employee_number,
    supervisor_not_theirs,
    unknown_employee_number,
    unknown_person,
)
from .signing import added_by_no_party, changed_after_sign_off, signed_by_no_party, two_roles

RECORD_RULES: tuple[RecordRule, ...] = (
    group_too_small,
    own_supervisor,
    line_manager_supervises,
    late_throughout,
    carried_without_date,
    dropped_without_reason,
    action_without_owner,
    action_without_number,
    blank_left,
    unsafe_discuss_first,
    dates_out_of_order,
    two_roles,
    possible_identifier,
    private_record_of_another,
    unknown_person,
    supervisor_not_theirs,
    unknown_employee_number,
    old_employee_number,
    ineligible_session,
)

# Those of `people.yaml` alone.
REGISTER_RULES: tuple[RecordRule, ...] = (duplicate_employee_number, no_employee_number, ends_before_it_starts)

WORKSPACE_RULES: tuple[WorkspaceRule, ...] = (
    duplicate_id,
    dangling_link,
    wrong_kind_link,
    circular_chain,
    previous_is_later,
    forked_chain,
    previous_of_others,
    chain_restarted,
    review_of_unknown_action,
    unreviewed_action,
    carried_too_often,
    overdue_action,
    answered_before,
    no_agreement_in_force,
    agreement_expired,
    agreement_overlap,
    changed_after_sign_off,
    signed_by_no_party,
    added_by_no_party,
    words_in_id,
    no_profile,
    no_supervisor,
    supervisor_has_left,
    policy_out_of_date,
)

MISTAKES: tuple[Mistake, ...] = (
    *(found for module in (text, structure) for found in vars(module).values() if isinstance(found, Mistake)),
    missing_asset,
    unknown_policy,
)

CATALOGUE: Mapping[str, Rule] = {
    rule.code: rule
    for rule in sorted((*MISTAKES, *RECORD_RULES, *REGISTER_RULES, *WORKSPACE_RULES), key=lambda rule: rule.code)
}


def rule_named(name: str) -> Rule | None:
    """The rule with a code or a slug, in whatever case."""
    wanted = name.strip().lower().replace("_", "-")
    return next((rule for rule in CATALOGUE.values() if wanted in (rule.code.lower(), rule.slug)), None)
