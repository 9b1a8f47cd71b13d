"""`doctor` finds what no action could have left: sums that differ, a roll-out that did not end."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from tests.assets.damages import paid
from tests.assets.rollouts import done
from tests.assets.rooms import in_force
from tests.world import World
from zongwu.assets.models import Agreement, Damage, Rollout
from zongwu.kernel import doctor, scope

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("check", "make", "spoil"),
    [
        ("assets.damages", paid, lambda row: Damage.objects.filter(pk=row.pk).update(paid=Decimal(79))),
        ("assets.agreements", in_force, lambda row: Agreement.objects.filter(pk=row.pk).update(value=Decimal(1))),
        ("assets.rollouts", done, lambda row: Rollout.objects.filter(pk=row.pk).update(state="running")),
    ],
)
def test_what_is_spoilt_is_found(
    world: World, check: str, make: Callable[..., object], spoil: Callable[..., object]
) -> None:
    row = make(world)
    assert list(doctor.examine(world.school)) == []
    with scope.active(world.school):
        spoil(row)
    assert [finding.check for finding in doctor.examine(world.school)] == [check]
