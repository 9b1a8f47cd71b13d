"""The door: permission, scope, lock, state, journal, idempotency."""

from datetime import date

import pytest
from django.db import IntegrityError, connection

from tests.world import TODAY, World
from zongwu.assets.actions import change_state, hand_over_asset, move_asset, void_asset
from zongwu.assets.models import Asset, AssetSpell
from zongwu.kernel import scope
from zongwu.kernel.actions import ACTIONS, create_action, step
from zongwu.kernel.errors import Conflict, Forbidden, Missing, Refused
from zongwu.kernel.journal import JournalEntry, history

pytestmark = pytest.mark.django_db


def entries(world: World) -> int:
    with scope.active(world.school):
        return JournalEntry.objects.count()


def test_a_verb_changes_the_row_and_leaves_one_entry(world: World) -> None:
    before = entries(world)
    move_asset(world.ctx("storekeeper"), world.projector, place=world.room_102, on=TODAY, reason="换教室")
    with scope.active(world.school):
        card = Asset.objects.get(pk=world.projector.pk)
        assert card.place == world.room_102
        spells = list(AssetSpell.objects.filter(asset=card).order_by("seq").values_list("from_on", "until_on"))
        assert spells == [(date(2026, 9, 10), TODAY), (TODAY, None)]
        told = history("asset", card.pk)[0]
        assert (told.entry.verb, told.entry.read_facts()["to"]) == ("asset.moved", f"place:{world.room_102.pk}")
    assert entries(world) == before + 1


def test_without_the_permission_nothing_happens(world: World) -> None:
    before = entries(world)
    with pytest.raises(Forbidden):
        move_asset(world.ctx("class_teacher"), world.projector, place=world.room_102, on=TODAY)
    assert entries(world) == before


def test_another_schools_row_does_not_exist(world: World, stranger: World) -> None:
    with pytest.raises(Missing):
        move_asset(world.ctx("storekeeper"), stranger.projector, place=world.room_102, on=TODAY)


def test_another_schools_row_cannot_be_pointed_to(world: World, stranger: World) -> None:
    with pytest.raises((IntegrityError, Refused)):
        move_asset(world.ctx("storekeeper"), world.projector, place=stranger.room_102, on=TODAY)
        connection.check_constraints()


def test_the_wrong_state_is_refused_with_a_sentence(world: World) -> None:
    void_asset(world.ctx("storekeeper"), world.laptop, reason="重复登记")
    with pytest.raises((Refused, Missing)):
        change_state(world.ctx("storekeeper"), world.laptop, state="idle", condition="good", on=TODAY)


def test_a_second_press_gives_the_stored_result(world: World) -> None:
    first = world.ctx("storekeeper", key="button-1")
    move_asset(first, world.projector, place=world.room_102, on=TODAY)
    before = entries(world)
    again = move_asset(world.ctx("storekeeper", key="button-1"), world.projector, place=world.room_102, on=TODAY)
    assert again.pk == world.projector.pk
    assert entries(world) == before
    with pytest.raises(Conflict):
        move_asset(world.ctx("storekeeper", key="button-1"), world.projector, place=world.room_101, on=TODAY)


def test_a_change_without_a_journal_entry_is_rolled_back(world: World) -> None:
    @create_action(Asset, label="偷改", permission="assets.register_asset", hidden=True)
    def silent(ctx: object) -> None:
        Asset.objects.filter(pk=world.projector.pk).update(name="改过")

    try:
        with pytest.raises(RuntimeError, match="journal"):
            silent(world.ctx("storekeeper"))
    finally:
        del ACTIONS["silent"]
    with scope.active(world.school):
        assert Asset.objects.get(pk=world.projector.pk).name == "投影仪"


def test_an_action_inside_an_action_fails_loudly(world: World) -> None:
    @create_action(Asset, label="套娃", permission="assets.register_asset", hidden=True)
    def nested(ctx: object) -> None:
        hand_over_asset(ctx, world.projector, on=TODAY, user=world.people["head"])

    try:
        with pytest.raises(RuntimeError, match="inside"):
            nested(world.ctx("storekeeper"))
    finally:
        del ACTIONS["nested"]


def test_a_step_outside_an_action_fails_loudly() -> None:
    @step
    def write() -> None: ...

    with pytest.raises(RuntimeError, match="step"):
        write()


def test_a_query_without_a_school_is_an_error(world: World) -> None:
    with pytest.raises(scope.NoSchool):
        Asset.objects.count()
