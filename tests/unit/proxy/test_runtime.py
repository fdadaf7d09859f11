from __future__ import annotations

from dataclasses import replace
from typing import Any

from shield.config.settings_route import Mode
from shield.payload.field_names import NO_NAMES
from shield.payload.selectors import FieldRules
from shield.proxy.runtime import RoutePlan
from tests.unit.config.sample import load_sample


def test_what_a_plan_s_results_rest_on_is_made_once_and_anew_for_another_route() -> None:
    route = load_sample().settings.routes[0]
    nothing: Any = None
    plan = RoutePlan(
        route, FieldRules.compile((), NO_NAMES), nothing, nothing, "sha256:m", inline=True, parameters=()
    )
    assert plan.basis is plan.basis
    assert (plan.basis.route, plan.basis.mode) == (route.name, route.mode.value)
    assert (plan.basis.policy, plan.basis.policy_digest) == (route.policy.name, route.policy.digest)
    observed = replace(plan, route=replace(route, mode=Mode.OBSERVE), model_digest="sha256:n")
    assert (observed.basis.mode, observed.basis.model_digest) == ("observe", "sha256:n")
