"""Reporting damage on screen: the card is named by the number on its label."""

from __future__ import annotations

import pytest

from tests.assets.damages import submitted
from tests.ui.conftest import client_of
from tests.world import World
from zongwu.assets.models import Damage
from zongwu.kernel import scope

pytestmark = pytest.mark.django_db
NEW = "/cnsx/assets/damages/new/report_damage/"
SAID = {
    "quantity": "1",
    "happened_on": "2026-11-23",
    "cause": "wear",
    "remedy": "school_repair",
    "cost": "20",
    "key": "k1",
}


def test_begun_on_the_page_of_a_card_its_number_stands_there(world: World) -> None:
    page = client_of(world, "storekeeper").get(NEW, {"asset": world.projector.pk}).content.decode()
    assert f'value="{world.projector.number}"' in page
    assert 'value="2026-11-23"' in page


def test_the_number_names_the_card(world: World) -> None:
    client = client_of(world, "storekeeper")
    client.post(NEW, SAID | {"asset": f" {world.projector.number.lower()}"})
    with scope.active(world.school):
        damage = Damage.objects.get()
    assert (damage.asset, damage.what) == (world.projector, "投影仪")
    change = client.get(f"/cnsx/assets/damages/{damage.pk}/do/revise_damage/").content.decode()
    assert f'value="{world.projector.number}"' in change
    assert 'value="20' in change


@pytest.mark.parametrize("number", ["ZC-1999-0001", "' OR 1=1", "2611537684463617"])
def test_an_unknown_number_is_said_so(world: World, number: str) -> None:
    answer = client_of(world, "storekeeper").post(NEW, SAID | {"asset": number})
    assert answer.status_code == 422
    assert "没有编号是" in answer.content.decode()


def test_another_schools_number_is_unknown(world: World, stranger: World) -> None:
    with scope.active(stranger.school):
        stranger.projector.number = "ZC-2026-9999"
        stranger.projector.save()
    answer = client_of(world, "storekeeper").post(NEW, SAID | {"asset": "ZC-2026-9999"})
    assert "没有编号是" in answer.content.decode()


def test_the_class_teacher_reads_by_which_way_it_went(world: World) -> None:
    damage = submitted(world)
    page = client_of(world, "class_teacher").get(f"/cnsx/assets/damages/{damage.pk}/").content.decode()
    assert "损坏赔偿（第 1 版）" in page
    assert "（不归您看）" not in page
    assert client_of(world, "class_teacher").get("/cnsx/approvals/routes/").status_code == 403
