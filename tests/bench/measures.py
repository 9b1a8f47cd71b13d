"""What is measured, each beside its raw limit."""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import product
from pathlib import Path

import python_calamine
from django.db import connection, transaction
from django.template import engines
from django.test import Client

from tests.bench.world import RARE, member, workbook
from zongwu.assets.actions import depreciate_month
from zongwu.assets.models import Asset, DepreciationCharge
from zongwu.assets.screens import ASSETS
from zongwu.kernel import clock, scope
from zongwu.kernel.actions import action
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.scope import School, active
from zongwu.kernel.transfer import runs
from zongwu.kernel.transfer import workbook as reader
from zongwu.kernel.transfer.reading import read
from zongwu.school.models import Department, Term
from zongwu.site.setup import found_school
from zongwu.summary import actions as summary

PAGE = "/large/assets/cards/"
ORDERS = ("number", "name", "category", "place", "department", "custodian", "value", "acquired_on", "state")


@dataclass(frozen=True)
class Measure:
    """Seconds of ours and of the raw limit; without one, ours against a fixed goal."""

    what: str
    ours: float
    bare: float | None
    goal: str

    @property
    def ratio(self) -> str:
        return "—" if self.bare is None else f"{self.ours / self.bare:.2f}"

    @property
    def kept(self) -> str:
        """Whether the goal is met; nothing where there is none in numbers."""
        limit = re.search(r"≤ ([\d,.]+)", self.goal)
        reached = self.ours * 1000 if self.bare is None else self.ours / self.bare
        return "" if limit is None else "是" if reached <= float(limit[1].replace(",", "")) else "否"

    @property
    def bare_text(self) -> str:
        return "—" if self.bare is None else f"{self.bare * 1000:,.1f}"


def seconds(work: Callable[[], object], times: int = 1) -> float:
    """The fastest of so many runs: what else the machine does only ever adds."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return min(taken)


def importing(rows: int) -> list[Measure]:
    """From the file to searchable cards, against calamine and one `executemany` into the same table."""
    school, _ = found_school("导入小学", kind="primary", region="", code="import")
    ctx, kind = Ctx.system("bench", school), runs.kind_named("assets")
    with tempfile.TemporaryDirectory() as folder:
        path = workbook(Path(folder) / "ledger.xlsx", rows)

        def preview() -> tuple[object, list[runs.Effect]]:
            with scope.reading(school):
                reading = read(kind.sheet, reader.load(path), today=clock.today(), words=kind.words())
                return reading, runs.weigh(kind, reading)

        def whole() -> None:
            reading, effects = preview()
            run = runs.stage_import(
                ctx, kind="assets", file_name="x", sha256="0", reading=reading, effects=effects, mapping={}
            )
            del reading, effects  # as the command does
            runs.apply_import(ctx, run)

        dry = seconds(preview)
        ours = seconds(whole)
        peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
        bare = seconds(lambda: _raw_import(school, path))  # which holds all of it at once
    return [
        Measure(f"导入 {rows:,} 行 × 20 列（最多用内存 {peak:.0f} MB）", ours, bare, "≤ 4；400 MB"),
        Measure("同一文件只看不写", dry, bare, "比导入快"),
    ]


def _raw_import(school: School, path: Path) -> None:
    """The rows that calamine reads, as they are, into the columns of the card; keys are those of any card."""
    rows = python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()[1:]
    fields = [field for field in Asset._meta.concrete_fields if field.column != "id"]
    columns = [field.column for field in fields]
    with active(school):
        cards = list(Asset.objects.filter(school=school).values_list(*[field.attname for field in fields])[:500])
    known = [[field.get_db_prep_save(v, connection) for field, v in zip(fields, card, strict=True)] for card in cards]
    taken = [(columns.index(name), at) for at, name in enumerate(RAW_COLUMNS) if name]
    marks = ", ".join(["%s"] * len(fields))

    def filled() -> Iterator[list[object]]:
        for n, row in enumerate(rows):
            values = list(known[n % len(known)])
            for column, at in taken:
                values[column] = row[at]
            values[columns.index("number")] = f"RAW-{row[0]}"
            yield values

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO assets_asset ({', '.join(columns)}) VALUES ({marks})", list(filled()))
        transaction.set_rollback(True)


RAW_COLUMNS = (
    "number", "name", "spec", "brand", "category", "unit", "", "unit_price", "value", "in_books_on", "", "", "department_pinyin",
    "place_path", "", "custodian_pinyin", "", "funding", "", "remark",
)  # fmt: skip
"""Which column of the card each of the ledger's twenty goes into."""


def envelope() -> list[Measure]:
    """An action that does nothing but journal: on a row that nobody searches for, and on a card."""
    with scope.all_schools("the bench looks for its school"):
        school = School.objects.get(code="import")

    @action(Department, label="量", permission="bench.nothing", hidden=True)
    def nothing(ctx: Ctx, department: Department) -> None:
        ctx.journal(department, "bench.nothing")

    @action(Asset, label="量", permission="bench.nothing", hidden=True)
    def nothing_to_a_card(ctx: Ctx, asset: Asset) -> None:
        ctx.journal(asset, "bench.nothing")

    ctx = Ctx.system("bench", school)
    with active(school):
        department, card = (model.objects.values_list("pk", flat=True).first() for model in (Department, Asset))
    plain, searched = seconds(lambda: nothing(ctx, department), 300), seconds(lambda: nothing_to_a_card(ctx, card), 300)
    return [
        Measure("空动作（权限、锁、日志、提交）", plain, None, "≤ 1 毫秒"),
        Measure("同上，对一张资产卡片（另查检索索引）", searched, None, "—"),
    ]


def lists(school: School) -> list[Measure]:
    """Whole signed-in requests against `render()` of the same fifty cards in one loop."""
    with active(school):
        head = member(school, "storekeeper")
        own = member(school, "department_head", Department.objects.order_by("pk")[3])
        place, department = school_place(school), Department.objects.order_by("pk")[5].pk
        person = Asset.objects.order_by("pk").values_list("custodian_id", flat=True)[40]
    bare_page = engines["django"].from_string((Path(__file__).parent / "bare.html").read_text(encoding="utf-8"))

    def bare() -> None:
        with scope.reading(school):
            cards = Asset.objects.filter(void=False).select_related("place", "custodian").order_by("-number", "-id")
            bare_page.render({"cards": cards[:50]})

    floor = seconds(bare, 15)
    asked = {"state": "idle", "condition": "broken", "place": str(place), "department": str(department), "person": str(person),
             "category": "A0202", "method": "bought", "acquired_after": "2024-01-01", "value_min": "50000", "waiting": "broken"}  # fmt: skip
    pages = {
        "深处的一页": {order.lstrip("-"): deep_query(order) for order in ("number", "-value")},
        "排序": {o: f"?o={o}" for o in ORDERS if o in ASSETS.orders},
        "单个条件": {k: f"?{k}={v}" for k, v in asked.items()},
        "条件×排序": {f"{k}+{o}": f"?{k}={v}&o={o}" for (k, v), o in product(asked.items(), ASSETS.orders)},
    }
    taken = fastest(head, ["", *(query for queries in pages.values() for query in queries.values())])
    first = taken[""]
    found = [
        Measure("列表第一页，全校", first, floor, "≤ 2.5"),
        Measure("列表第一页，只看本部门", fastest(own, [""])[""], floor, "≤ 2.5"),
    ]
    for what, queries in pages.items():
        slowest = max(queries, key=lambda name: taken[queries[name]])
        goal = "≤ 2" if "×" in what else "≤ 1.3"
        found.append(
            Measure(
                f"{what}（{len(queries)} 种），最慢的是 {slowest}（对第一页）", taken[queries[slowest]], first, goal
            )
        )
    return found


def fastest(client: Client, queries: Sequence[str], rounds: int = 7) -> dict[str, float]:
    """The fastest time of each page, over rounds through all of them, so that a slow minute hits none alone."""
    taken = dict.fromkeys(queries, float("inf"))
    for at in range(rounds + 1):  # the first round only warms up
        for query in queries:
            spent = page(client, query, times=3)
            taken[query] = min(taken[query], spent) if at else taken[query]
    return taken


def school_place(school: School) -> int:
    with active(school):
        pk: int = Asset.objects.order_by("pk").values_list("place_id", flat=True)[11]
    return pk


def page(client: Client, query: str = "", times: int = 9) -> float:
    assert client.get(PAGE + query).status_code == 200, query
    return seconds(lambda: client.get(PAGE + query), times)


def deep_query(order: str) -> str:
    """Far down the list: the token of a row in the middle."""
    name = order.lstrip("-")
    with scope.all_schools("the bench looks for a row in the middle"):
        rows = Asset.objects.filter(school__code="large").order_by(order, "id")
        middle = rows[rows.count() // 2]
    value = Asset._meta.get_field(name).value_to_string(middle)
    return f"?o={order}&after={value}~{middle.pk}"


def searching(school: School) -> list[Measure]:
    """A search of the list, beyond what the page costs without."""
    client = member(school, "head")
    words = {"常见": "空调", "少见": RARE, "没有": "麒麟"}
    asked = {
        f"{how}{order}": f"?q={word}{o}"
        for how, word in words.items()
        for order, o in (("", ""), ("，按原值", "&o=-value"))
    }
    taken = fastest(client, ["", *asked.values()])
    extra = {how: taken[query] - taken[""] for how, query in asked.items()}
    slowest = max(extra, key=lambda name: extra[name])
    return [Measure(f"搜两个字比不搜多，最慢的是{slowest}", max(extra[slowest], 0), None, "≤ 10 毫秒")]


def depreciating(school: School) -> list[Measure]:
    """A month as a run, against the bare INSERT … SELECT and UPDATE over the same cards."""

    def bare() -> None:
        columns = "school_id, run_id, asset_id, month, months, opening, amount"
        first = connection.ops.adapt_datefield_value(date(2026, 10, 1))
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {DepreciationCharge._meta.db_table} ({columns}) SELECT school_id, %s, id, %s, 1, %s, monthly "
                "FROM assets_asset WHERE school_id = %s",
                [run.pk, first, False, school.pk],
            )
            cursor.execute("UPDATE assets_asset SET accumulated = accumulated + 1 WHERE school_id = %s", [school.pk])
            transaction.set_rollback(True)

    ctx = Ctx.system("bench", school)
    run = depreciate_month(ctx, month=date(2026, 8, 1))  # the first one also opens the books
    ours = seconds(lambda: depreciate_month(ctx, month=date(2026, 9, 1)))
    return [Measure(f"{run.cards:,} 张卡片提一个月折旧", ours, seconds(bare), "≤ 3")]


def summing(school: School) -> list[Measure]:
    """The draft of a term's summary, over everything that the school has."""
    ctx = Ctx.system("bench", school)
    with active(school):
        term = Term.objects.order_by("-begins_on").first()
    return [Measure("学期总结成稿", seconds(lambda: summary.begin_summary(ctx, term=term)), None, "≤ 2,000 毫秒")]


def serving() -> list[Measure]:
    """A process of its own: from its start to the first page, and what it holds after a thousand requests."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("ZONGWU_", "DJANGO_", "PYTHONDONT"))}
        run = [sys.executable, "-m", "zongwu", "--data", folder]
        subprocess.run([*run, "init", "--name", "测速小学"], env=environment, check=True, capture_output=True)
        began = time.perf_counter()
        with subprocess.Popen([*run, "serve", "--port", "8197"], env=environment, stderr=subprocess.DEVNULL) as server:
            while not _answers("http://127.0.0.1:8197/accounts/login/"):
                time.sleep(0.02)
            first = time.perf_counter() - began
            for _ in range(1000):
                _answers("http://127.0.0.1:8197/accounts/login/")
            held = _pss(server.pid)
            server.terminate()
    return [Measure(f"从启动到第一页（千次请求后占 {held:.0f} MB）", first, None, "≤ 1,500 毫秒；160 MB")]


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _pss(pid: int) -> float:
    """Proportional set size in MB; 0 where the system does not tell."""
    file = Path(f"/proc/{pid}/smaps_rollup")
    found = re.search(r"^Pss:\s+(\d+)", file.read_text(encoding="utf-8"), re.MULTILINE) if file.exists() else None
    return int(Decimal(found[1])) / 1024 if found else 0.0
