"""Issuing from a storeroom beside the same statements sent by the bare driver; four clients at once; balances over a million moves."""

from __future__ import annotations

import threading
import time
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection, connections, transaction

from tests.bench.measures import Measure, seconds
from tests.bench.papers import Statement, bare, recorded, twin
from tests.signing import SIGNATURE
from tests.world import TODAY, World, build_world
from zongwu.kernel import bulk, scope
from zongwu.kernel.scope import active
from zongwu.school.models import Place
from zongwu.stores import actions, checks
from zongwu.stores.models import Balance, Item, Move, Slip
from zongwu.stores.steps import Line

EACH = 40


def _stocked(code: str, items: int, places: int = 1) -> tuple[World, list[Item]]:
    """A school with so many items in so many storerooms, written past the actions since only their number matters."""
    world = build_world(code, "仓库小学")
    with active(world.school), transaction.atomic():
        made = [
            Item(
                school=world.school,
                number=f"B-{n:05d}",
                name=f"物品{n}",
                pinyin=f"wupin{n:05d}",
                unit="个",
                price=Decimal(3),
            )
            for n in range(items)
        ]
        bulk.insert_objects(made)
        stores = [world.store]
        stores += [
            Place.objects.create(
                school=world.school, parent=world.campus, level="storeroom", name=f"库{n}", path=f"本部/库{n}", opened_on=date(2026, 8, 1)
            )
            for n in range(1, places)
        ]  # fmt: skip
        slip = Slip.objects.create(
            school=world.school, number="RK-2025-0001", form="receipt", on=date(2026, 9, 1), place=world.store, kinds=items, title="期初",
            value=Decimal(3000 * items * places),
        )  # fmt: skip
        bulk.insert(
            Balance, ("school_id", "place_id", "item_id", "quantity", "value", "lot"),
            ((world.school.pk, store.pk, item.pk, Decimal(1000), Decimal(3000), "") for store in stores for item in made),
        )  # fmt: skip
        bulk.insert(
            Move, ("school_id", "slip_id", "seq", "item_id", "to_place_id", "on", "quantity", "value", "price", "lot", "note"),
            (
                (world.school.pk, slip.pk, at, item.pk, store.pk, date(2026, 9, 1), Decimal(1000), Decimal(3000), Decimal(3), "", "")
                for at, (store, item) in enumerate((store, item) for store in stores for item in made)
            ),
        )  # fmt: skip
    return world, made


def _issue(world: World, item: Item, key: str) -> Slip:
    return actions.issue_goods(
        world.ctx("storekeeper").keyed(key),
        place=world.store,
        receiver=world.people["class_teacher"],
        lines=[Line(item, Decimal(1))],
        signature=SIGNATURE,
    )


def issuing() -> list[Measure]:
    """One issue: rights, quota, stock, slip, move, idempotency, journal; the same whatever there is in store."""
    found = []
    for size in (20, 10_000):
        world, items = _stocked(f"bench-out-{size}", size)
        ctx = world.ctx("storekeeper")
        asked = {"place": world.store, "receiver": world.people["class_teacher"], "signature": SIGNATURE}
        for n in range(5):
            actions.issue_goods(ctx.keyed(f"warm{n}"), lines=[Line(items[n], Decimal(1))], **asked)
        times = []
        for n in range(EACH):
            began = time.perf_counter()
            actions.issue_goods(ctx.keyed(f"t{n}"), lines=[Line(items[n % 20], Decimal(1))], **asked)
            times.append(time.perf_counter() - began)
        raw, batches = twin(), list[list[Statement]]()
        for n in range(12):
            batch: list[Statement] = []
            with recorded(batch):
                actions.issue_goods(ctx.keyed(f"r{n}"), lines=[Line(items[n], Decimal(1))], **asked)
            batches.append(batch)
        statements = len(batches[-1]) + (
            connection.vendor == "sqlite"
        )  # the journal's subjects go past Django's cursor there
        limit = 15 if connection.vendor == "sqlite" else 6
        what = f"发一次料，{size:,} 种物品（{statements} 条语句，每秒 {1 / min(times):,.0f} 次）"
        found.append(Measure(what, min(times), bare(raw, batches), f"≤ {limit}"))
        raw.close()  # PostgreSQL makes the next twin only once nobody is in this one
    return [*found, *_together(*_stocked("bench-four", 50))]


def _together(world: World, items: list[Item]) -> list[Measure]:
    """Four clients at once come to no less than one alone."""

    def work(number: int) -> None:
        for n in range(EACH):
            _issue(world, items[number * 10 + n % 10], f"c{number}.{n}")
        connections.close_all()

    began = time.perf_counter()
    work(0)
    alone = time.perf_counter() - began
    threads = [threading.Thread(target=work, args=(number,)) for number in (1, 2, 3, 4)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    four = time.perf_counter() - began
    return [
        Measure(
            f"四台手机同时发料（合计每秒 {4 * EACH / four:,.0f} 次，一台 {EACH / alone:,.0f} 次）",
            four / 4,
            alone,
            "≤ 1.2",
        )
    ]


def balances(items: int = 10_000, places: int = 50, more: int = 500_000) -> list[Measure]:
    """10,000 items in 50 storerooms over a million moves: the list reads balances, doctor adds every move up in one pass."""
    world, made = _stocked("bench-moves", items, places)
    with active(world.school), transaction.atomic():
        slips = {
            form: Slip.objects.create(
                school=world.school,
                number=f"{form}-1",
                form=form,
                on=TODAY,
                place=world.store,
                title="多",
                value=Decimal(3 * more // 2),
            )
            for form in ("receipt", "issue")
        }
        bulk.insert(
            Move, ("school_id", "slip_id", "seq", "item_id", "from_place_id", "to_place_id", "on", "quantity", "value", "price", "lot", "note"),
            (
                (world.school.pk, slips["issue" if n % 2 else "receipt"].pk, n, made[n // 2 % items].pk, world.store.pk if n % 2 else None, None if n % 2 else world.store.pk,
                 TODAY, Decimal(1), Decimal(3), Decimal(3), "", "")
                for n in range(more)
            ),
        )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    with scope.reading(world.school):
        rows = Item.objects.with_stock().order_by("pinyin", "id")
        page = seconds(lambda: list(rows[:50]), times=10)
        ours: Any = seconds(lambda: list(checks._balances(world.school)), times=2)

        def add_up() -> None:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT item_id, SUM(quantity), SUM(value) FROM stores_move WHERE school_id = %s GROUP BY item_id",
                    [world.school.pk],
                )
                cursor.fetchall()

        limit = seconds(add_up, times=2)
    many = items * places + more
    return [
        Measure(f"物品列表一页，{items * places:,} 条库存、{many:,} 笔进出", page, None, "≤ 40"),
        Measure(f"doctor 把 {many:,} 笔进出加一遍，和 {items * places:,} 条库存比", ours, limit, "≤ 6"),
    ]


def everything() -> list[Measure]:
    return [*issuing(), *balances()]
