"""Signing, scanning and counting, each beside the same statements sent by the bare driver, in the same run."""

from __future__ import annotations

import time
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from tests.bench.measures import Measure, seconds
from tests.signing import SIGNATURE, case_of, shown
from tests.world import TODAY, World, build_world
from zongwu.assets import counting
from zongwu.assets.actions import (
    apply_disposal,
    begin_stocktake,
    close_stocktake,
    plan_stocktake,
    register_asset,
    scan_item,
    submit_disposal,
)
from zongwu.assets.models import Asset, AssetSpell, Scan, StocktakeItem
from zongwu.assets.steps import SPELL, in_books_on
from zongwu.kernel import bulk
from zongwu.kernel.actions import create_action
from zongwu.kernel.approvals.actions import agree
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.scope import active

Statement = tuple[str, Any]


@contextmanager
def recorded(into: list[Statement]) -> Any:
    """Every statement of the block with its parameters."""

    def keep(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.startswith(("BEGIN", "SAVEPOINT", "RELEASE")):
            into.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        yield


def twin() -> Any:
    """The database as it stands now, once more, behind the bare driver: what is recorded next can be sent to it again.

    Ids come out equal there, so constraints, guards and indexes see the same rows.
    """
    if connection.vendor == "postgresql":
        import psycopg

        settings = connection.get_connection_params() | {"cursor_factory": None}
        name = settings["dbname"]
        connection.close()
        reach = {key: settings[key] for key in ("host", "port", "user", "password") if settings.get(key)}
        with psycopg.connect(dbname="postgres", autocommit=True, **reach) as admin:
            admin.execute(f'DROP DATABASE IF EXISTS "{name}_twin"')
            admin.execute(f'CREATE DATABASE "{name}_twin" TEMPLATE "{name}"')
        return psycopg.connect(dbname=f"{name}_twin", autocommit=True, **reach)
    import sqlite3  # the sound one, once Django is loaded

    path = f"{connection.settings_dict['NAME']}.twin"
    raw = sqlite3.connect(path, isolation_level=None)
    connection.connection.backup(raw)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        raw.execute(f"PRAGMA {pragma}")
    return raw


def bare(raw: Any, batches: list[list[Statement]]) -> float:
    """Seconds an act that the driver takes for these statements and their commit, the fastest of them."""
    begin = "BEGIN" if connection.vendor == "postgresql" else "BEGIN IMMEDIATE"
    taken = []
    for batch in batches:
        cursor = raw.cursor()
        ready = [(_native(sql), params) for sql, params in batch]
        began = time.perf_counter()
        cursor.execute(begin)
        for sql, params in ready:
            cursor.execute(sql, params or ())
            if cursor.description:
                cursor.fetchall()
        cursor.execute("COMMIT")
        taken.append(time.perf_counter() - began)
    return min(taken)


def _native(sql: str) -> str:
    return sql if connection.vendor == "postgresql" else sql.replace("%s", "?").replace("%%", "%")


def signing() -> list[Measure]:
    """One signature: rights, lock, content, next stage, notice, journal."""
    world = build_world("bench-sign", "签字小学")
    ctx = world.ctx("head", now=world.system().now)
    documents = [_submitted(world, n) for n in range(24)]
    for document in documents:
        agree(world.ctx("storekeeper"), case_of(world, document), shown=shown(world, document), signature=SIGNATURE)
    asked = [(case_of(world, one), shown(world, one)) for one in documents]
    times = []
    for at, (case, digest) in enumerate(asked[:12]):
        began = time.perf_counter()
        agree(ctx.keyed(f"timed-{at}"), case, shown=digest, opinion="同意", signature=SIGNATURE)
        times.append(time.perf_counter() - began)
    raw, batches = twin(), list[list[Statement]]()
    for at, (case, digest) in enumerate(asked[12:]):
        batch: list[Statement] = []
        with recorded(batch):
            agree(ctx.keyed(f"recorded-{at}"), case, shown=digest, opinion="同意", signature=SIGNATURE)
        batches.append(batch)
    statements = len(batches[-1]) + (
        connection.vendor == "sqlite"
    )  # the journal's subjects go past Django's cursor there
    limit = 15 if connection.vendor == "sqlite" else 6
    return [Measure(f"签一次字（{statements} 条语句）", min(times), bare(raw, batches), f"≤ {limit}")]


def _submitted(world: World, n: int) -> Any:
    teacher = world.ctx("class_teacher")
    card = register_asset(
        world.system(), name=f"台式计算机{n}", category="A02010105", quantity=Decimal(1), unit_price=Decimal(4150), unit="台",
        acquired_on=date(2018, 8, 20), place=world.room_102, department=world.computing, custodian=world.people["class_teacher"],
    )  # fmt: skip
    return submit_disposal(teacher, apply_disposal(teacher, assets=[card], form="scrap", reason="坏了"))


def scanning(cards: int = 20_000) -> list[Measure]:
    """A scan in a small and in a large register, and what all scans together come to."""
    found = []
    for size in (200, cards):
        world = build_world(f"bench-scan-{size}", "盘点小学")
        numbers = _many(world, size)
        count = begin_stocktake(
            world.ctx("storekeeper"),
            plan_stocktake(world.ctx("storekeeper"), name="盘点", deadline_on=TODAY, places=[]),
        )
        with active(world.school):
            room = count.rooms.get(place=world.room_101)
        batch: list[Statement] = []
        first = world.ctx("storekeeper", key="first")
        with recorded(batch):
            scan_item(first, room, code=numbers[0])
        ctx, codes = world.ctx("storekeeper"), iter(numbers[1:])
        taken = seconds(lambda: scan_item(ctx.keyed(next(codes)), room, code=next(codes)), times=40)
        statements = len(batch) + (connection.vendor == "sqlite")
        found.append(Measure(f"扫一件，台账 {size:,} 张（{statements} 条语句）", taken, None, "8 条语句"))
    return found


def counting_up(scans: int = 100_000, changed: int = 10_000) -> list[Measure]:
    """All scans of a count reconciled, against the join alone; then every one of ten thousand cards corrected in one run."""
    world = build_world("bench-count", "清查小学")
    _many(world, scans)
    keeper = world.ctx("storekeeper")
    count = begin_stocktake(keeper, plan_stocktake(keeper, name="盘点", deadline_on=TODAY, places=[]))
    with active(world.school):
        here, there = count.rooms.get(place=world.room_101), count.rooms.get(place=world.room_102)
        rows = StocktakeItem.objects.filter(stocktake=count).order_by("pk").values_list("asset_id", "quantity")
        with transaction.atomic():
            bulk.insert(
                Scan, ("school_id", "stocktake_id", "room_id", "asset_id", "code", "note", "quantity", "said", "at"),
                ((world.school.pk, count.pk, (there if n < changed else here).pk, pk, "", "", quantity, "ok", keeper.now) for n, (pk, quantity) in enumerate(rows)),
            )  # fmt: skip
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")

        def join() -> None:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT count(*), sum(s.quantity) FROM assets_stocktakeitem i JOIN assets_scan s ON s.school_id = i.school_id AND "
                    "s.stocktake_id = i.stocktake_id AND s.asset_id = i.asset_id WHERE i.stocktake_id = %s",
                    [count.pk],
                )
                cursor.fetchall()

        limit = seconds(join, times=3)
    ours = seconds(lambda: close_stocktake(keeper, count, confirmed=True))
    with active(world.school):
        changed = StocktakeItem.objects.filter(stocktake=count, result="moved").update(answer="follow")
    applied = seconds(lambda: _apply(world.system(), stocktake=count))
    return [
        Measure(f"{scans:,} 次扫描对账", ours, limit, "≤ 10"),
        Measure(
            f"{changed:,} 张卡片按盘点调账，一次（每秒 {changed / applied:,.0f} 张）",
            applied,
            None,
            f"≤ {changed / 10_000 * 1000:,.0f}",
        ),
    ]


@create_action(StocktakeItem, label="调账", permission="bench.apply", hidden=True)
def _apply(ctx: Ctx, *, stocktake: Any) -> None:
    """What the last signature does, without the signatures."""
    counting.apply_count(ctx, stocktake)
    ctx.journal(stocktake, "stocktake.applied")


def _many(world: World, count: int) -> list[str]:
    """Cards in room 101, set-based."""
    with active(world.school), transaction.atomic():
        blank = Asset(
            school=world.school, name="课桌", pinyin="ke zhuo", value=Decimal(100), acquired_on=date(2020, 1, 1), place=world.room_101,
            place_path=world.room_101.path, department=world.office, in_books_on=in_books_on(world.school, date(2020, 1, 1), "day"),
        )  # fmt: skip
        made = []
        for n in range(count):
            card = bulk.twin(blank)
            card.number = f"B-{n:06d}"
            made.append(card)
        bulk.insert_objects(made)
        bulk.insert(
            AssetSpell, ("school_id", "asset_id", "seq", "from_on", *SPELL),
            ((card.school_id, card.pk, 1, card.in_books_on, *(getattr(card, name) for name in SPELL)) for card in made),
        )  # fmt: skip
    return [card.number for card in made]


def everything() -> list[Measure]:
    return [*signing(), *scanning(), *counting_up()]
