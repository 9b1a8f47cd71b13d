"""The pages of inspections, described."""

from __future__ import annotations

from typing import Any

import django_filters as f

from zongwu.checks import actions, figures, forms, queries
from zongwu.checks.models import Area, CheckList, Finding, Level, Plan, Point, Round, Task
from zongwu.kernel import clock
from zongwu.kernel.ctx import Ctx
from zongwu.school.models import Place
from zongwu.ui import home, navigation, screens
from zongwu.ui.filters import Filters
from zongwu.ui.history import say
from zongwu.ui.home import Block, Shortcut
from zongwu.ui.navigation import Entry
from zongwu.ui.screens import Attachments, Column, Facts, History, Number, Part, Print, Rows, Screens, Tones, View

DONE: Tones = {"wrong": "warn", "fine": "ok", "done": "ok", "open": "info"}
VERDICTS: Tones = {"wrong": "warn", "fine": "ok", "absent": "neutral"}


class UseFilters(Filters):
    """What is in use, unless one asks for what is not any more."""

    ended = f.ChoiceFilter(label="状态", choices=[("yes", "已停用")], method="is_ended", empty_label="在用")
    unless = "ended"

    @classmethod
    def present(cls, rows: Any) -> Any:
        return rows.filter(closed_on=None)

    def is_ended(self, rows: Any, name: str, value: str) -> Any:
        return rows.exclude(closed_on=None)


class ListFilters(UseFilters):
    area = f.ChoiceFilter(label="类别", choices=Area.choices, empty_label="不限")

    class Meta:
        model = CheckList
        fields: list[str] = []


class PointFilters(UseFilters):
    class Meta:
        model = Point
        fields: list[str] = []


class PlanFilters(Filters):
    level = f.ChoiceFilter(label="谁的检查", choices=Level.choices, empty_label="不限")
    state = f.ChoiceFilter(
        label="状态",
        choices=[("running", "在用"), ("waiting", "还没启用"), ("ended", "已结束")],
        method="in_state",
        empty_label="不限",
    )

    class Meta:
        model = Plan
        fields: list[str] = []

    def in_state(self, rows: Any, name: str, value: str) -> Any:
        today = clock.today()
        if value == "waiting":
            return rows.filter(from_on=None)
        return (
            rows.filter(until_on__lt=today)
            if value == "ended"
            else rows.filter(from_on__isnull=False).exclude(until_on__lt=today)
        )


class TaskFilters(Filters):
    waiting = f.ChoiceFilter(
        label="待办", choices=[("today", "今天要查"), ("missed", "漏查")], method="is_waiting", empty_label="不限"
    )

    class Meta:
        model = Task
        fields: list[str] = []

    def is_waiting(self, rows: Any, name: str, value: str) -> Any:
        today = clock.today()
        return rows.filter(pk__in=figures.missed(today).values("pk")) if value == "missed" else rows.undone().at(today)


class RoundFilters(Filters):
    level = f.ChoiceFilter(label="谁的检查", choices=Level.choices, empty_label="不限")
    area = f.ChoiceFilter(label="类别", field_name="checklist__area", choices=Area.choices, empty_label="不限")
    since = f.DateFilter(label="从", field_name="on", lookup_expr="gte")
    until = f.DateFilter(label="到", field_name="on", lookup_expr="lte")
    waiting = f.ChoiceFilter(label="待办", choices=[("sign", "等复核签字")], method="is_waiting", empty_label="不限")

    class Meta:
        model = Round
        fields: list[str] = []

    def is_waiting(self, rows: Any, name: str, value: str) -> Any:
        return rows.to_sign()


class FindingFilters(Filters):
    since = f.DateFilter(label="从", field_name="on", lookup_expr="gte")
    until = f.DateFilter(label="到", field_name="on", lookup_expr="lte")
    waiting = f.ChoiceFilter(label="待办", choices=[("open", "还没处理")], method="is_waiting", empty_label="不限")
    every = f.ChoiceFilter(label="结果", choices=[("1", "正常的读数也看")], method="is_every", empty_label="只看异常")
    unless = "every"

    class Meta:
        model = Finding
        fields: list[str] = []

    @classmethod
    def present(cls, rows: Any) -> Any:
        return rows.wrong()

    def is_waiting(self, rows: Any, name: str, value: str) -> Any:
        return rows.open()

    def is_every(self, rows: Any, name: str, value: str) -> Any:
        return rows


def _items(ctx: Ctx, row: CheckList) -> Any:
    return queries.items_of(row)


def _plans_of(ctx: Ctx, row: CheckList) -> Any:
    return Plan.objects.visible_to(ctx).filter(checklist=row).order_by("name")


def _calendar(ctx: Ctx, plan: Plan) -> dict[str, Any] | None:
    strips = queries.calendar(plan, ctx.today)
    return {"strips": strips} if strips else None


def _findings(ctx: Ctx, row: Round) -> Any:
    return row.findings.select_related("item").order_by("item__seq")


def _plans_here(ctx: Ctx, point: Point) -> Any:
    return Plan.objects.visible_to(ctx).filter(stops__point=point, stops__closed_on=None).order_by("name")


def _rounds_here(ctx: Ctx, point: Point) -> Any:
    return Round.objects.visible_to(ctx).filter(point=point).order_by("-on", "-id")


def _points_of(ctx: Ctx, place: Place) -> Any:
    seen = Point.objects.open().filter(place=place) if ctx.may("checks.read_list") else Point.objects.none()
    return seen.order_by("name")


def _plate(ctx: Ctx, point: Point) -> dict[str, Any]:
    lists = CheckList.objects.open().order_by("name") if ctx.may(queries.SPOT) and point.closed_on is None else ()
    return {
        "point": point,
        "due": list(queries.due(ctx, ctx.today).filter(point=point)) if ctx.may(queries.CHECK) else [],
        "lists": lists,
    }


def _today(ctx: Ctx) -> dict[str, Any] | None:
    """For whoever has something to look through today: 12/15 of each plan."""
    errands = queries.errands(ctx, ctx.today)
    return {"school": ctx.school, "errands": errands[:4]} if errands else None


BRIEF = [
    Column("number", link=True),
    Column("checklist", label="检查表"),
    Column("level"),
    Column("person"),
    Column("on"),
    Number("wrong", label="异常"),
]
LISTS = Screens(
    model=CheckList, area="checks", name="lists", title="检查表", icon="list-details", read="checks.read_list", unit="张",
    blank="查什么、怎样算正常、异常时点哪几个词，写成一张表；防火巡查、灭火器、卫生、开学准备这些已经备好。",
    columns=[Column("name", link=True, sort=True, phone="title"), Column("area", phone="line"), Column("then", label="查出问题"), Column("second"), Column("basis", low=True)],
    default_order="name", filters=ListFilters,
    detail=[
        Facts("检查表", ["area", "then", "second", "basis", "closed_on"]),
        Rows("检查项", [Number("seq", label="序"), Column("name"), Column("wanted"), Column("sort"), Column("fine", label="答案"), Column("wrong"), Column("photo")], _items, empty="还没有检查项。", most=60),
        Rows("哪些计划在用", [Column("name", label="计划", link=True), Column("level"), Column("rhythm", label="多久一次"), Column("who", label="谁查")], _plans_of), History(),
    ],
    forms={actions.add_list: forms.NewListForm, actions.correct_list: forms.ListForm, actions.set_items: forms.ItemsForm},
)  # fmt: skip
POINTS = Screens(
    model=Point, area="checks", name="points", title="点位", icon="map-pin", read="checks.read_list", unit="处",
    blank="要去看的地方：配电间、灭火器箱、水泵房、楼梯口。一处一块牌子，扫一下就知道今天要查什么。",
    columns=[Column("name", link=True, sort=True, phone="title"), Column("place", phone="line"), Column("opened_on", hidden=True)],
    default_order="name", filters=PointFilters, prints=[Print("打点位牌", "checks:plates", "qrcode", available=lambda point: point.closed_on is None)],
    detail=[
        Part("到这里查", "checks/_plate.html", _plate), Facts("点位", ["place", "name", "opened_on", "closed_on"]),
        Rows("经过这里的计划", [Column("name", label="计划", link=True), Column("level"), Column("rhythm", label="多久一次"), Column("who", label="谁查")], _plans_here, empty="没有您看得到的计划经过这里。"),
        Rows("查过的", BRIEF, _rounds_here, most=30), History(),
    ],
    forms={actions.add_point: forms.PointForm, actions.correct_point: forms.RenameForm},
)  # fmt: skip
PLANS = Screens(
    model=Plan, area="checks", name="plans", title="检查计划", icon="calendar-stats", read="checks.read_plan", unit="个",
    blank="谁、多久、按哪张表、查哪些点位。常见的 35 项已经备好，选好岗位和点位就能启用。",
    columns=[
        Column("name", link=True, sort=True, phone="title"), Column("level", phone="line"), Column("rhythm", label="多久一次", phone="line"), Column("who", label="谁查", needs=["person", "role"]),
        Column("from_on", label="启用"), Column("basis", hidden=True),
    ],
    default_order="name", filters=PlanFilters, views=[View("在用", "state=running"), View("还没启用", "state=waiting"), View("大检查", "level=sweep"), View("全部", "")],
    detail=[
        Facts("计划", ["checklist", "level", Column("rhythm", label="多久一次"), Column("who", label="谁查"), "from_on", "until_on", "evidence", "basis"]),
        Part("查了没有", "checks/_calendar.html", _calendar), History(),
    ],
    forms={actions.add_plan: forms.PlanForm, actions.begin_plan: forms.BeginForm, actions.correct_plan: forms.CorrectPlanForm},
)  # fmt: skip
TASKS = Screens(
    model=Task, area="checks", name="tasks", title="检查任务", icon="checklist", read="checks.read_plan", unit="处",
    blank="计划每天排出来的任务：今天要查哪些点位，哪些漏了。",
    columns=[Column("plan", link=True, phone="title"), Column("point", phone="line", needs=["point.place"]), Column("from_on"), Column("until_on", sort=True, phone="end"), Column("round", phone="line")],
    default_order="-until_on", filters=TaskFilters, views=[View("今天要查", "waiting=today"), View("漏查", "waiting=missed"), View("全部", "")],
    detail=[Facts("任务", ["plan", "point", "from_on", "until_on", "nth", "round"])],
)  # fmt: skip
ROUNDS = Screens(
    model=Round, area="checks", name="rounds", title="检查记录", icon="clipboard-check", read="checks.read_round", unit="次",
    blank="扫点位码查完交上来，就会出现在这里；没查出问题的也留着。",
    columns=[
        Column("number", link=True, phone="line"), Column("checklist", phone="title"), Column("point", phone="line", needs=["point.place"]), Column("level"), Column("person"),
        Column("on", sort=True, phone="end"), Column("belated", label="补传"), Number("items", hidden=True), Number("wrong"),
    ],
    default_order="-on", filters=RoundFilters, views=[View("全部", ""), View("自查", "level=self"), View("复查", "level=again"), View("抽查", "level=spot"), View("大检查", "level=sweep")],
    detail=[
        Facts("检查", ["plan", "point", "level", "person", "along", "on", "at", Number("items"), Number("wrong"), "second", "second_at", "belated"], gaps=False),
        Rows("发现", [Column("item", link=True), Column("verdict", badge=VERDICTS), Column("said"), Number("number"), Column("then"), Column("settled_on")], _findings, empty="每一项都正常。", most=60),
        History(),
    ],
)  # fmt: skip
FINDINGS = Screens(
    model=Finding, area="checks", name="findings", title="检查发现", icon="alert-triangle", read="checks.read_round", unit="处",
    blank="检查时答「异常」的项。每一处都要定下来：报修、立隐患、当场改好，还是无需处理。",
    columns=[
        Column("item", link=True, phone="title"), Column("said", phone="line"), Column("round", phone="line", needs=["round.checklist", "round.point.place"]), Column("then", label="处理"),
        Column("on", sort=True, phone="end"),
    ],
    default_order="-on", filters=FindingFilters, views=[View("异常", ""), View("还没处理", "waiting=open")],
    detail=[Facts("发现", ["round", "item", "verdict", "said", "number", "on", "then", "settled_on"], gaps=False), Attachments("照片"), History()],
    forms={actions.follow_finding: forms.SettleForm},
)  # fmt: skip
screens.register(LISTS, POINTS, PLANS, TASKS, ROUNDS, FINDINGS)
screens.add(Place, Rows("检查点位", [Column("name", label="点位", link=True), Column("opened_on")], _points_of))

navigation.register(
    Entry("checks", "检查", "clipboard-check", "checks:rounds", "checks.read_list", order=16, children=(
        Entry("checks", "今日检查", "checklist", "checks:today", queries.CHECK),
        Entry("checks", "检查记录", "clipboard-check", "checks:rounds", "checks.read_round"),
        Entry("checks", "检查发现", "alert-triangle", "checks:findings", "checks.read_round"),
        Entry("checks", "检查计划", "calendar-stats", "checks:plans", "checks.read_plan"),
        Entry("checks", "检查任务", "calendar-due", "checks:tasks", "checks.read_plan"),
        Entry("checks", "检查表", "list-details", "checks:lists", "checks.read_list"),
        Entry("checks", "点位", "map-pin", "checks:points", "checks.read_list"),
    ))
)  # fmt: skip
home.tile("checks.rounds", "checks.kept", order=16)
home.shortcut(Shortcut("今日检查", "checklist", "checks:today", queries.CHECK, order=30))
home.block(Block("今日检查", "checks/_today.html", queries.CHECK, _today, order=21))

say("checklist.added", "添检查表", icon="plus", text="{items} 项")
say("checklist.corrected", "改检查表", icon="edit")
say("checklist.items_set", "改检查项", icon="list-details", text="{items} 项")
say("checklist.closed", "停用", icon="ban")
say("point.added", "添点位", icon="map-pin")
say("point.corrected", "改名", icon="edit")
say("point.closed", "停用点位", icon="ban")
say("checkplan.added", "添检查计划", icon="plus", text="从 {from_on}，{points} 个点位")
say("checkplan.begun", "启用", icon="player-play", tone="ok", text="从 {from_on}")
say("checkplan.corrected", "改计划", icon="edit", text="{points} 个点位")
say("checkplan.ended", "结束", icon="ban", text="{on}")
say("checkplan.tasks_made", "排出检查任务", icon="calendar-due", text="到 {on}")
say("check.done", "检查", icon="clipboard-check", tone="ok", text="{items} 项，异常 {wrong} 项")
say("check.countersigned", "复核签字", icon="user-check", tone="ok")
say("check.followed", "处理", icon="wand", tone="ok", text="{then}")
