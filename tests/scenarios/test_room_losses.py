"""What a class or a room has lost in the end, and what it has not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.assets.damages import settled as paid_for
from tests.assets.rooms import in_force
from tests.scenarios.test_damage import desk, figure
from tests.signing import SIGNATURE, sign
from tests.world import TODAY, World
from zongwu.assets.actions import accept_room
from zongwu.assets.actions.custody import Wrong
from zongwu.assets.models import Finding
from zongwu.kernel import scope

pytestmark = pytest.mark.django_db


def test_what_wore_out_is_nobodys_loss(world: World) -> None:
    in_force(world)
    paid_for(world, cause="wear")
    check = accept_room(
        world.ctx("class_teacher"), place=world.room_101, wrong={}, signature=SIGNATURE, pupils=SIGNATURE
    )
    sign(world, "storekeeper", check)
    assert (figure(world, "assets.loss"), figure(world, "assets.accepted_clean")) == (0, 1)


def test_what_the_class_damaged_elsewhere_or_before_is_not_the_rooms_loss(world: World) -> None:
    elsewhere = desk(world, place=world.room_102)
    in_force(world)
    paid_for(world, asset=elsewhere, what="", cost=None, remedy="replace")
    paid_for(world, happened_on=TODAY - timedelta(days=40))
    check = accept_room(
        world.ctx("class_teacher"), place=world.room_101, wrong={}, signature=SIGNATURE, pupils=SIGNATURE
    )
    sign(world, "storekeeper", check)
    assert figure(world, "assets.loss") == 0


def test_what_came_later_is_not_lost_from_the_list(world: World) -> None:
    in_force(world)
    later = desk(world)
    wrong = {later.pk: Wrong("missing")}
    check = accept_room(
        world.ctx("class_teacher"), place=world.room_101, wrong=wrong, signature=SIGNATURE, pupils=SIGNATURE
    )
    sign(world, "storekeeper", check)
    assert (figure(world, "assets.loss"), figure(world, "assets.loss_rate")) == (0, 0)
    with scope.active(world.school):
        assert Finding.objects.open().count() == 1  # it still has to be found
