# ruff: noqa: E402 - the settings are chosen before Django is asked for anything
"""Measures the work that grows with the school against the raw limit of the same database, in the same run.

    python -m tests.bench [CARDS]      prints the table and writes docs/benchmarks.md

A ratio is ours divided by the raw limit: times the same machine, so it holds when the machine's speed drifts.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ["ZONGWU_DATA"] = os.environ.get("ZONGWU_BENCH_DATA") or tempfile.mkdtemp(prefix="zongwu-bench-")
os.environ["DJANGO_SETTINGS_MODULE"] = "zongwu.site.settings"
import django

django.setup()
from datetime import date
from decimal import Decimal

from django.db import connection, transaction
from django.test import Client

from zongwu.assets.actions import depreciate_month
from zongwu.assets.models import Asset
from zongwu.assets.sheets import LEDGER
from zongwu.kernel import journal, scope, search
from zongwu.kernel.accounts import Account, Holding, Membership, Person, Role
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.transfer import runs
from zongwu.kernel.transfer.grid import Grid
from zongwu.kernel.transfer.reading import read
from zongwu.site.setup import found_school, prepare

HEAD = ["资产编号", "资产名称", "数量", "单价", "金额", "取得日期", "使用部门", "存放地点", "使用状况", "国标分类代码"]
NAMES = ("空调机", "触控一体机", "笔记本电脑", "学生课桌椅", "投影仪", "文件柜", "交换机", "打印机")


def seconds(work: Callable[[], object], times: int = 1) -> float:
    """The median of so many runs."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return sorted(taken)[len(taken) // 2]


def grid(cards: int) -> Grid:
    rows = [
        [f"ZC-2020-{n:06d}", NAMES[n % 8], Decimal(1), Decimal(1000 + n % 977), Decimal(1000 + n % 977), date(2020, 1 + n % 12, 1 + n % 28),
         f"部门{n % 20}", f"教学楼{n % 9 + 1}0{n % 9}", "在用", "A02020200"]
        for n in range(1, cards + 1)
    ]  # fmt: skip
    return Grid("台账", [HEAD, *rows])


def raw_insert(cards: int) -> None:
    """The same number of rows into the same table, with nothing around it."""
    columns = [f.column for f in Asset._meta.concrete_fields if f.column != "id"]
    sample = Asset.objects.values_list(*[f.attname for f in Asset._meta.concrete_fields if f.column != "id"]).first()
    raw = [v if not isinstance(v, Decimal) else int(v * 10000) for v in sample]
    number = columns.index("number")
    marks = ", ".join(["%s"] * len(columns))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO assets_asset ({', '.join(columns)}) VALUES ({marks})",
            [[*raw[:number], f"RAW-{n}", *raw[number + 1 :]] for n in range(cards)],
        )
        transaction.set_rollback(True)


def main(cards: int) -> list[tuple[str, float, float]]:
    prepare()
    school, _ = found_school("测速小学", kind="primary", region="", code="bench")
    ctx = Ctx.system("bench", school)
    kind = runs.kind_named("assets")
    found: list[tuple[str, float, float]] = []
    with scope.active(school):
        reading = read(LEDGER, [grid(cards)], today=ctx.today)
        effects = runs.weigh(kind, reading)
    run = runs.stage_import(ctx, kind="assets", file_name="x", sha256="0", reading=reading, effects=effects, mapping={})
    ours = seconds(lambda: runs.apply_import(ctx, run))
    with scope.active(school):
        found.append((f"写入 {cards:,} 张卡片（含时段、日志、检索）", ours, seconds(lambda: raw_insert(cards))))
        Asset.objects.update(category_confirmed=True, life_months=72, monthly=Decimal("14.00"))
    ours = seconds(lambda: depreciate_month(ctx, month=date(2026, 9, 1)))
    found.append((f"{cards:,} 张卡片提一个月折旧", ours, seconds(raw_update)))
    found += pages(school)
    with scope.active(school):
        ours = seconds(lambda: list(journal.verify(school.pk)))
        found.append(("核对全部日志", ours, seconds(raw_subjects)))
    return found


def raw_update() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE assets_asset SET monthly = monthly + 1")
        transaction.set_rollback(True)


def raw_subjects() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT object_kind, object_id, role, change FROM kernel_journalsubject ORDER BY id")
        cursor.fetchall()


def pages(school: scope.School) -> list[tuple[str, float, float]]:
    """Lists and search, whole requests against the bare query."""
    with scope.active(school):
        person = Person.objects.create(school=school, name="测速", pinyin="ce su", entered_on=date(2020, 1, 1))
        account = Account.objects.create_user("bench", "bench-bench-1")
        Membership.objects.create(school=school, account=account, person=person)
        Holding.objects.create(
            school=school, person=person, role=Role.objects.get(code="head"), from_on=date(2020, 1, 1)
        )
    client = Client()
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/bench/assets/cards/").status_code == 200

    def query(sql: str, *arguments: object) -> Callable[[], None]:
        def run() -> None:
            with connection.cursor() as cursor:
                cursor.execute(sql, arguments)
                cursor.fetchall()

        return run

    first = "SELECT * FROM assets_asset WHERE school_id = %s AND NOT void ORDER BY number DESC, id DESC LIMIT 51"
    like = "SELECT id FROM assets_asset WHERE school_id = %s AND name LIKE '%%空调%%' ORDER BY number LIMIT 2001"
    ctx = Ctx.system("bench", school)

    def find() -> None:
        with scope.reading(school):
            search.find(ctx, "空调")

    return [
        ("列表第一页（整个请求）", seconds(lambda: client.get("/bench/assets/cards/"), 7), seconds(query(first, school.pk), 7)),
        ("按原值排序的一页", seconds(lambda: client.get("/bench/assets/cards/?o=-value"), 7), seconds(query(first.replace("number", "value"), school.pk), 7)),
        ("搜两个字", seconds(find, 7), seconds(query(like, school.pk), 7)),
    ]  # fmt: skip


def table(found: list[tuple[str, float, float]]) -> str:
    lines = ["| 工作 | 我们（毫秒） | 裸库（毫秒） | 倍数 |", "| --- | ---: | ---: | ---: |"]
    lines += [f"| {what} | {ours * 1000:,.1f} | {raw * 1000:,.1f} | {ours / raw:,.1f} |" for what, ours, raw in found]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    cards = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    text = table(main(cards))
    print(text)
    head = f"# Measured\n\n`python -m tests.bench {cards}`, {connection.vendor}; ours against the raw limit in the same run.\n\n"
    (Path(__file__).parents[2] / "docs" / f"benchmarks-{connection.vendor}.md").write_text(
        head + text, encoding="utf-8"
    )
