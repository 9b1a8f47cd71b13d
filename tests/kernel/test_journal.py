"""The chain: its hash as specified, what the database refuses, what verify finds."""

import uuid

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError

from tests.world import TODAY, World
from zongwu.assets.actions import move_asset
from zongwu.kernel import guards, journal, scope
from zongwu.kernel.journal import JournalDetail, JournalEntry, JournalHead, JournalSubject

pytestmark = pytest.mark.django_db


def test_the_hash_is_the_specified_one() -> None:
    genesis = journal.genesis(1, "ledger")
    assert genesis.hex() == "7c67a6f61053f08a0c3814503746b61433ed9f2a907c26fda8457531e1320e8a"
    entry = JournalEntry(
        school_id=1, stream="ledger", seq=1, uid=uuid.UUID(int=1), at="2026-01-01T00:00:00.000000+00:00", actor="u:1",
        verb="ledger.post", ref="entry:1", facts='{"amount":10000,"备注":"test"}', detail_hash=None, prev_hash=genesis,
    )  # fmt: skip
    assert journal.entry_hash(entry).hex() == "41ce710e1cb842664ea6e1929582b9f4253d4560dc2e8e6899e6b39f72f12eb3"


def test_a_fact_is_never_a_sentence() -> None:
    assert journal.canonical({"b": 1, "a": TODAY}) == '{"a":"2026-11-23","b":1}'
    with pytest.raises(TypeError, match="detail="):
        journal.canonical({"reason": "换教室"})
    with pytest.raises(TypeError):
        journal.canonical({"amount": 1.5})


@pytest.mark.parametrize("model", [JournalEntry, JournalSubject, JournalHead, JournalDetail])
def test_the_database_refuses_to_delete(world: World, model: type) -> None:
    move_asset(world.ctx("storekeeper"), world.projector, place=world.room_102, on=TODAY, reason="换教室")
    with scope.active(world.school), pytest.raises(DatabaseError), transaction.atomic():
        model.objects.all()._raw_delete("default")


@pytest.mark.parametrize(
    ("model", "change"),
    [
        (JournalEntry, {"actor": "member:1"}),
        (JournalSubject, {"role": "other"}),
        (JournalHead, {"seq": 99}),
        (JournalDetail, {"body": "{}"}),
    ],
)
def test_the_database_refuses_to_rewrite(world: World, model: type, change: dict[str, object]) -> None:
    move_asset(world.ctx("storekeeper"), world.projector, place=world.room_102, on=TODAY, reason="换教室")
    with scope.active(world.school), pytest.raises(DatabaseError), transaction.atomic():
        model.objects.update(**change)


def test_verify_is_silent_over_an_honest_chain(world: World) -> None:
    move_asset(world.ctx("storekeeper"), world.projector, place=world.room_102, on=TODAY, reason="换教室")
    with scope.active(world.school):
        assert list(journal.verify(world.school.pk)) == []


@pytest.mark.parametrize(
    ("table", "change", "said"),
    [
        ("kernel_journalentry", "actor = 'member:1'", "内容与校验值不符"),
        ("kernel_journalsubject", "role = 'other'", "增删过"),
        ("kernel_journaldetail", "body = '{}'", "详情与校验值不符"),
        ("kernel_journalhead", "seq = seq + 1", "链尾"),
    ],
)
def test_verify_finds_planted_damage(world: World, table: str, change: str, said: str) -> None:
    move_asset(world.ctx("storekeeper"), world.projector, place=world.room_102, on=TODAY, reason="换教室")
    guards.remove()
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {table} SET {change} WHERE id = (SELECT max(id) FROM {table} WHERE school_id = %s)",
                [world.school.pk],
            )
        with scope.active(world.school):
            assert any(said in broken.what for broken in journal.verify(world.school.pk))
    finally:
        guards.install()
    assert guards.missing() == []


def test_installing_guards_twice_does_nothing(world: World) -> None:
    guards.install()
    assert guards.missing() == []


def test_triggers_step_aside_for_a_migration_and_come_back(world: World) -> None:
    """A table that SQLite rebuilds is gone for a moment; a trigger that speaks of it would stop the migration."""
    guards.lift(plan=[])
    assert guards.missing() == []
    guards.lift(plan=["0002"])
    try:
        assert bool(guards.missing()) is (connection.vendor == "sqlite")
    finally:
        guards.install()
    assert guards.missing() == []


def test_a_row_cannot_point_into_another_school(world: World, stranger: World) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), scope.active(world.school):
        type(world.projector).objects.filter(pk=world.projector.pk).update(place=stranger.room_101)
        connection.check_constraints()


def test_a_row_stays_in_its_school(world: World, stranger: World) -> None:
    with scope.active(world.school), pytest.raises(DatabaseError), transaction.atomic():
        type(world.people["head"]).objects.filter(pk=world.people["head"].pk).update(school=stranger.school)


def test_a_head_is_not_born_in_the_middle_of_a_chain(world: World) -> None:
    with scope.active(world.school), pytest.raises(DatabaseError), transaction.atomic():
        JournalHead.objects.create(school=world.school, stream="forged", seq=5, hash=b"0" * 32)
