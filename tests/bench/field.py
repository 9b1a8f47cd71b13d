"""Ten thousand reports from twenty phones without a login, none lost and none doubled; the board with five thousand open repairs."""

from __future__ import annotations

import threading
import time
from collections import Counter
from datetime import timedelta

from django.db import connections, transaction
from django.test import Client

from tests.bench.measures import Measure, seconds
from tests.bench.papers import Statement, bare, recorded, twin
from tests.ui.conftest import client_of
from tests.world import NOW, TODAY, World, build_world
from zongwu.kernel import codes, doctor
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.scope import active
from zongwu.repairs import actions
from zongwu.repairs.models import Fault, State, Ticket

PHONES, EACH, OPEN = 20, 500, 5_000


def _sends(url: str, phone: int, answers: Counter[int], lock: threading.Lock) -> None:
    """One phone: five hundred reports from addresses of its own, every tenth sent three times as a bad line does."""
    client = Client()
    mine: Counter[int] = Counter()
    for n in range(EACH):
        said = {"fault": "other", "another": "1", "key": f"p{phone}-{n}", "what": f"第 {n} 件"}
        for _ in range(3 if n % 10 == 0 else 1):
            answer = client.post(url, said, REMOTE_ADDR=f"10.{phone}.{n // 25}.{n % 25 + 1}")
            mine[answer.status_code] += 1
    connections.close_all()
    with lock:
        answers.update(mine)


def reports() -> list[Measure]:
    """Whole requests of twenty phones at once, beside the statements of one report sent by the bare driver as often."""
    world = build_world("reports", "报修小学")
    with active(world.school), transaction.atomic():
        code = codes.ensure(world.school.pk, "place", [world.room_101.pk])[world.room_101.pk]
    batches, raw = [], twin()
    for n in range(5):
        batch: list[Statement] = []
        with recorded(batch):
            actions.report_fault(
                Ctx.system("plate", world.school).keyed(f"w{n}"), place=world.room_101, fault="other", confirmed=True
            )
        batches.append(batch)
    floor = bare(raw, batches) * PHONES * EACH
    answers, lock = Counter[int](), threading.Lock()
    phones = [
        threading.Thread(target=_sends, args=(f"/p/{code}/repair/", phone, answers, lock)) for phone in range(PHONES)
    ]
    began = time.perf_counter()
    for phone in phones:
        phone.start()
    for phone in phones:
        phone.join()
    took = time.perf_counter() - began
    with active(world.school):
        numbers = sorted(
            Ticket.objects.values_list("number", flat=True), key=lambda number: int(number.rpartition("-")[2])
        )
    want = PHONES * EACH + len(batches)
    lost, doubled = want - len(numbers), len(numbers) - len(set(numbers))
    gaps = numbers != [f"BX-{TODAY.year}-{n:04d}" for n in range(1, len(numbers) + 1)]
    assert (lost, doubled, gaps) == (0, 0, False), (lost, doubled, gaps, answers)
    assert list(doctor.examine(world.school)) == []
    what = f"{PHONES * EACH:,} 张报修，{PHONES} 部手机同时报（每十张重发三遍）：丢 {lost}、重 {doubled}，每秒 {PHONES * EACH / took:,.0f} 张"
    return [Measure(what, took, floor, "没有丢、没有重")]


def board() -> list[Measure]:
    """The dispatcher's board and the list of repairs, with five thousand open ones."""
    world = build_world("board", "看板小学")
    _broken(world)
    desk = client_of(world, "head")
    pages = {name: f"/{world.school.code}/repairs/{name}/" for name in ("tickets", "board")}
    for url in pages.values():
        assert desk.get(url).status_code == 200
    listed, shown = (seconds(lambda url=url: desk.get(url), 9) for url in pages.values())
    return [Measure(f"派工看板，{OPEN:,} 张没修好的（对报修单列表第一页）", shown, listed, "≤ 2.5")]


def _broken(world: World) -> None:
    with active(world.school), transaction.atomic():
        Ticket.objects.bulk_create(
            Ticket(
                school=world.school, number=f"BX-2025-{n:05d}", title=f"第 {n} 件", place=world.room_101 if n % 2 else world.room_102, fault=Fault.values[n % 6], what=f"第 {n} 件",
                reported_at=NOW - timedelta(minutes=n), reported_on=TODAY, due_on=TODAY - timedelta(days=n % 5 - 2), state=State.NEW if n % 3 else State.GIVEN,
                worker=None if n % 3 else world.people["worker"], urgent=n % 50 == 0,
            )
            for n in range(OPEN)
        )  # fmt: skip


def everything() -> list[Measure]:
    return board() + reports()
