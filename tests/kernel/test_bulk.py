"""Rows that go past the ORM: the database and the fields refuse what they refuse otherwise."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from tests.world import World
from zongwu.assets.models import Asset
from zongwu.kernel import bulk, scope, search
from zongwu.kernel.actions import IdempotencyKey
from zongwu.kernel.fields import MoneyField
from zongwu.school.models import Supplier

pytestmark = pytest.mark.django_db


def test_a_float_never_passes_for_an_equal_amount() -> None:
    prepare = bulk._preparer(MoneyField())
    assert prepare(Decimal(1)) == 100
    with pytest.raises(TypeError):
        prepare(1.0)


def test_rows_of_many_statements_keep_their_order_and_their_constraints(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "_PARAMETERS", 12)
    names = ("school_id", "name", "pinyin", "credit_code", "contact", "phone", "scope")
    rows = [(world.school.pk, f"商家{n}", f"shang jia {n}", "", "", "", "") for n in range(7)]
    with scope.active(world.school), transaction.atomic():
        bulk.insert(Supplier, names, rows)
        made = Supplier.objects.filter(name__startswith="商家").order_by("pk").values_list("name", flat=True)
        assert list(made) == [f"商家{n}" for n in range(7)]
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk.insert(Supplier, names, rows[:1])


def test_one_row_is_there_already_or_tells_its_id(world: World) -> None:
    said = {
        "school_id": world.school.pk,
        "actor": "member:1",
        "key": "k",
        "action": "a",
        "request_hash": "h",
        "result": "",
    }
    with transaction.atomic():
        first = bulk.insert_one(IdempotencyKey, unless_there=True, **said, at=world.system().now)
        assert first
        assert bulk.insert_one(IdempotencyKey, unless_there=True, **said, at=world.system().now) is None


def test_the_index_follows_what_changed_and_nothing_else(world: World) -> None:
    with scope.active(world.school), transaction.atomic():
        before = set(search.SearchEntry.objects.values_list("pk", flat=True))
        search.index(world.school.pk, "asset", [world.projector.pk, world.laptop.pk])
        assert set(search.SearchEntry.objects.values_list("pk", flat=True)) == before  # nothing was written anew
        Asset.objects.filter(pk=world.projector.pk).update(void=True)
        Asset.objects.filter(pk=world.laptop.pk).update(name="平板电脑")
        search.index(world.school.pk, "asset", [world.projector.pk, world.laptop.pk])
        left = dict(search.SearchEntry.objects.filter(object_kind="asset").values_list("object_id", "title"))
        assert left == {world.laptop.pk: "平板电脑"}


def test_postgresql_starts_no_helpers_for_a_page() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SHOW max_parallel_workers_per_gather")
            assert cursor.fetchone() == ("0",)
