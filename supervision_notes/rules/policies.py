"""SN7, too: the policies that a workspace names, and how old they are."""

from __future__ import annotations

from collections.abc import Iterator

from ..problem import Said, did_you_mean, mistake
from ..workspace import Workspace
from .base import Found, workspace_rule


@mistake("SN720", "error")
def unknown_policy(near: str | None) -> Said:
    """A policy is named that does not exist, so nobody would be asked for what it asks for.

    `policy:` in `supervision.yaml` and `policies:` in `people.yaml` name files: `eight-weeks` is the file
    `policies/eight-weeks.yaml` of the workspace or, where there is none, the one that comes with the program.

    Bad:

        === supervision.yaml
        organisation: Riverside Community Trust
        policy: [eight-weks]

    Good:

        === supervision.yaml
        organisation: Riverside Community Trust
        policy: [eight-weeks, ours]
        === policies/ours.yaml
        title: Line management at least once in four weeks
        source: Our supervision policy, version 3
        as_of: 2026-10-01
        stream: line-management
        maximum_gap_days: 28
    """
    hint = (
        "it is the name of a file in policies/, without .yaml, or one of those that  supervision-notes policies  lists"
    )
    return Said(f"there is no such policy{did_you_mean(near)}", hint)


@workspace_rule("SN721", "warning")
def policy_out_of_date(workspace: Workspace) -> Iterator[Found]:
    """A policy was to be compared with its source by now.

    Employers and professions change what they ask for. Compare the policy with its source, mend it, and write the day
    of that as its `as_of`; a policy that came with the program is first copied into your own `policies/`. It is due a
    year after `as_of`, or on the day that `review` names. Looked at when a day was given: `check --as-at 2026-12-18`.

    Bad:

        === supervision.yaml
        organisation: Riverside Community Trust
        policy: [ours]
        === policies/ours.yaml
        title: Line management at least once in four weeks
        source: Our supervision policy, version 2
        as_of: 2025-10-01
        stream: line-management
        maximum_gap_days: 28

    Good:

        === supervision.yaml
        organisation: Riverside Community Trust
        policy: [ours]
        === policies/ours.yaml
        title: Line management at least once in four weeks
        source: Our supervision policy, version 3
        as_of: 2026-10-01
        stream: line-management
        maximum_gap_days: 28
    """
    for policy in workspace.register.policies.values():
        if policy and workspace.as_at and policy.out_of_date(workspace.as_at):
            message = f"this policy is as of {policy.as_of}, and was to be compared with its source by {policy.review}"
            yield Found(policy.place, message, "compare it, and write a new as_of", path=policy.path)
