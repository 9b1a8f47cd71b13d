"""The pages of safety, described."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters as f
from django.db.models import Q

from zongwu.kernel import clock, figures
from zongwu.kernel.ctx import Ctx
from zongwu.purchasing.models import Purchase
from zongwu.repairs.models import Ticket
from zongwu.safety import actions, forms, queries, rules
from zongwu.safety.models import TO_FIX, Field, Grade, Hazard, Source, State
from zongwu.school.models import Place
from zongwu.ui import home, navigation, periods, screens
from zongwu.ui.filters import Filters
from zongwu.ui.history import say
from zongwu.ui.home import Block, Shortcut
from zongwu.ui.navigation import Entry
from zongwu.ui.screens import (
    Attachments,
    Column,
    Facts,
    History,
    Money,
    Number,
    Part,
    Print,
    Rows,
    Screens,
    Tones,
    View,
)

TONES: Tones = {
    "new": "warn", "open": "info", "doing": "doing", "fixed": "info", "closed": "ok", "void": "neutral", "major": "bad", "general": "neutral",
}  # fmt: skip
WAITING = [
    ("open", "没销号"),
    ("overdue", "逾期"),
    ("major", "重大没销号"),
    ("to_fix", "在整改、没到期"),
    ("mine", "归我整改"),
]


class HazardFilters(Filters):
    state = f.ChoiceFilter(label="状态", choices=State.choices, empty_label="不限")
    grade = f.ChoiceFilter(label="等级", choices=Grade.choices, empty_label="不限")
    field = f.ChoiceFilter(label="类别", choices=Field.choices, empty_label="不限")
    source = f.ChoiceFilter(label="来源", choices=Source.choices, empty_label="不限")
    waiting = f.ChoiceFilter(label="待办", choices=WAITING, method="is_waiting", empty_label="不限")
    since = f.DateFilter(label="发现从", field_name="found_on", lookup_expr="gte")
    until = f.DateFilter(label="发现到", field_name="found_on", lookup_expr="lte")
    due_since = f.DateFilter(label="期限从", field_name="due_on", lookup_expr="gte")
    due_until = f.DateFilter(label="期限到", method="is_due")
    closed_since = f.DateFilter(label="销号从", field_name="closed_on", lookup_expr="gte")
    closed_until = f.DateFilter(label="销号到", field_name="closed_on", lookup_expr="lte")
    void = f.ChoiceFilter(label="不是隐患的", choices=[("1", "也看")], method="with_void", empty_label="不看")
    unless = "void"

    class Meta:
        model = Hazard
        fields: list[str] = []

    @classmethod
    def present(cls, rows: Any) -> Any:
        return rows.real()

    def with_void(self, rows: Any, name: str, value: str) -> Any:
        return rows

    def is_due(self, rows: Any, name: str, value: date) -> Any:
        """Deadlines that have come by that day, and by today."""
        return rows.filter(due_on__lte=min(value, clock.today()))

    def is_waiting(self, rows: Any, name: str, value: str) -> Any:
        today = clock.today()
        ways = {
            "open": rows.standing, "overdue": lambda: rows.overdue(today), "major": lambda: rows.standing().filter(grade=Grade.MAJOR),
            "to_fix": lambda: rows.filter(state__in=(State.OPEN, State.DOING), due_on__gte=today), "mine": lambda: rows.standing().filter(responsible=self.person),
        }  # fmt: skip
        return ways[value]()


def _loop(ctx: Ctx, hazard: Hazard) -> dict[str, Any]:
    """The way from the finding to the closing (`look/hazard`), with the photographs of its three moments."""
    mine = hazard.is_his(ctx.person)
    at = {State.NEW: 1, State.OPEN: 2, State.DOING: 2, State.FIXED: 3}.get(State(hazard.state), 5)
    left = (hazard.due_on - ctx.today).days
    steps = [
        ("发现", str(hazard.finder or hazard.finder_name or hazard.get_source_display()), f"{hazard.found_on:%m-%d}"),
        ("定人定限", hazard.answers, f"{f'{hazard.set_on:%m-%d}，' if hazard.set_on else ''}限 {hazard.due_on:%m-%d}"),
        ("整改", str(hazard.fixed_by or hazard.fixed_name or ""), f"{hazard.fixed_on:%m-%d}" if hazard.fixed_on else ""),
        ("复查", str(hazard.checked_by or hazard.checked_name or ""), f"{hazard.closed_on:%m-%d}" if hazard.closed_on else "不能是整改人"),
        ("销号", "", f"{hazard.closed_on:%m-%d}" if hazard.closed_on else "复查合格自动销号"),
    ]  # fmt: skip
    return {
        "hazard": hazard, "steps": [(at > n, at == n, *step) for n, step in enumerate(steps)], "shots": queries.shots(hazard), "mine": mine,
        "left": left, "late": -left, "ladder": _coming(ctx, hazard), "phone": _phone(ctx, hazard), "may_check": ctx.may("safety.recheck_hazard"), "today": ctx.today,
    }  # fmt: skip


def _coming(ctx: Ctx, hazard: Hazard) -> list[rules.Step]:
    """Who will be told from today on, as long as it is not put right."""
    steps = queries.ladder(hazard, queries.ladder_days(ctx.today)) if hazard.state in TO_FIX else []
    return [step for step in steps if step.on >= ctx.today and step.level > hazard.told]


def _phone(ctx: Ctx, hazard: Hazard) -> str:
    """Whole for whoever gives hazards out, masked for everybody else."""
    if not hazard.phone or ctx.may(queries.ASSIGN):
        return hazard.phone
    shown = min(4, len(hazard.phone) // 3)
    return f"{'*' * (len(hazard.phone) - shown)}{hazard.phone[len(hazard.phone) - shown :]}"


def _rate(ctx: Ctx, hazard: Hazard) -> dict[str, Any] | None:
    """This term's rate, what is late and what is not due yet: for whoever sees the school's hazards."""
    if "school" not in ctx.spans("safety.read_hazard"):
        return None
    window = periods.so_far(ctx.today)
    values = figures.values(["safety.rate", "safety.due", "safety.closed", "safety.on_time"], window)
    standing = Hazard.objects.standing().order_by("due_on", "id")
    return {
        "values": {key.partition(".")[2]: value for key, value in values.items()}, "since": window.since, "hazard": hazard, "today": ctx.today,
        "late": [(one, f"{(ctx.today - one.due_on).days} 天") for one in standing.filter(due_on__lt=ctx.today)[:10]],
        "open": list(standing.filter(due_on__gte=ctx.today)[:10]), "count": standing.filter(due_on__gte=ctx.today).count(), "overdue": standing.filter(due_on__lt=ctx.today).count(),
    }  # fmt: skip


def _again(ctx: Ctx, hazard: Hazard) -> Any:
    return Hazard.objects.visible_to(ctx).filter(Q(pk=hazard.again_of_id) | Q(again_of=hazard)).order_by("found_on")


def _calm(ctx: Ctx) -> dict[str, Any]:
    """「有没有事」 for whoever leads: nothing late and nothing grave, or what it is; and the rate with its two numbers."""
    standing, window = Hazard.objects.standing(), periods.so_far(ctx.today)
    return {
        "school": ctx.school, "late": standing.filter(due_on__lt=ctx.today).count(), "major": standing.filter(grade=Grade.MAJOR).count(),
        "values": {key.partition(".")[2]: value for key, value in figures.values(["safety.rate", "safety.due", "safety.closed"], window).items()},
    }  # fmt: skip


BRIEF = [
    Column("number", link=True),
    Column("what", label="什么隐患"),
    Column("grade", badge=TONES),
    Column("state", badge=TONES),
    Column("found_on", label="发现"),
    Column("closed_on", label="销号"),
]
HAZARDS = Screens(
    model=Hazard, area="safety", name="hazards", title="隐患台账", icon="shield-half", read="safety.read_hazard", unit="处", imports="hazards", ledger=True,
    blank="看到有危险的地方就登记：拍一张照、说一句话。定了人定了限，别人到现场看过合格，才算销号。",
    columns=[
        Column("number", link=True, phone="line"), Column("title", phone="title"), Column("place", hidden=True), Column("field"), Column("grade", badge=TONES), Column("state", badge=TONES, phone="badge"),
        Column("answers", label="责任人", needs=["responsible"], phone="line"), Column("found_on", sort=True, low=True), Column("due_on", sort=True, phone="end"), Column("closed_on", hidden=True),
        Column("source", hidden=True), Money("money", hidden=True, total=True),
    ],
    default_order="-found_on", filters=HazardFilters,
    views=[View("没销号", "waiting=open"), View("逾期", "waiting=overdue"), View("等复查", "state=fixed"), View("重大", "grade=major"), View("全部", "")],
    prints=[Print("整改通知书", "safety:notice", available=lambda hazard: hazard.state != State.VOID and bool(hazard.responsible_id or hazard.responsible_name))],
    detail=[
        Part("闭环", "safety/_loop.html", _loop),
        Facts("隐患", ["place", "spot", "field", "grade", "basis", "what", "source", "superior", "finder", "finder_name", "found_at", "again_of", "listed_on", "listed_number", "reported_to", "reported_on"], gaps=False),
        Facts("整改", ["did", "fixed_by", "fixed_name", "fixed_on", "checked_by", "checked_name", "verdict", "closed_on", Number("days", label="存在天数"), "back", "later_on"], gaps=False),
        Rows("报修", [Column("number", link=True), Column("title", label="内容"), Column("state", label="状态"), Column("worker", label="师傅")], queries.tickets_of),
        Rows("采购", [Column("number", link=True), Column("title", label="内容"), Column("state", label="状态"), Money("amount", label="金额（元）")], queries.purchases_of),
        Rows("同一处的", BRIEF, _again), Part("本学期整改率", "safety/_rate.html", _rate, side=True), Attachments("照片和附件"), History(),
    ],
    forms={
        actions.report_hazard: forms.ReportForm, actions.assign_hazard: forms.AssignForm, actions.move_deadline: forms.MoveForm, actions.fix_hazard: forms.FixForm,
        actions.pass_recheck: forms.PassForm, actions.fail_recheck: forms.FailForm, actions.list_hazard: forms.ListedForm, actions.report_up: forms.UpForm, actions.drop_hazard: forms.DropForm,
    },
)  # fmt: skip
screens.register(HAZARDS)


def _seen(ctx: Ctx) -> Any:
    return Hazard.objects.visible_to(ctx) if ctx.may("safety.read_hazard") else Hazard.objects.none()


def _of_place(ctx: Ctx, place: Place) -> Any:
    return _seen(ctx).real().filter(place=place).order_by("-found_on")


def _behind(ctx: Ctx, row: Ticket | Purchase) -> Any:
    """The hazard for which a repair or a purchase was begun."""
    kind, _, pk = row.origin.partition(":")
    return _seen(ctx).filter(pk=int(pk)) if kind == Hazard.kind else Hazard.objects.none()


screens.add(Place, Rows("这里的隐患", BRIEF, _of_place, most=20))
screens.add(Ticket, Rows("为了这处隐患", BRIEF, _behind))
screens.add(Purchase, Rows("为了这处隐患", BRIEF, _behind))
navigation.register(
    Entry("safety", "安全", "shield-check", "safety:hazards", "safety.read_hazard", order=12, children=(
        Entry("safety", "隐患台账", "shield-half", "safety:hazards", "safety.read_hazard"),
        Entry("safety", "我的隐患", "checklist", "safety:mine", "safety.read_hazard"),
        Entry("safety", "迎检资料", "file-text", "safety:pack", "safety.oversee"),
    ))
)  # fmt: skip
home.tile("safety.rate", "safety.found", order=12)
home.shortcut(
    Shortcut("报隐患", "shield-half", "safety:hazards-new", "safety.report_hazard", "report_hazard", order=20)
)
home.block(Block("有没有事", "safety/_calm.html", queries.OVERSEE, _calm, order=20))
home.red_line("safety.major_open", "safety.overdue")

say("hazard.found", "发现隐患", icon="shield-half", tone="warn", text="{field}，{grade}")
say("hazard.assigned", "定人定限", icon="user-check", tone="info", text="{responsible}，{due_on} 前")
say("hazard.deadline_moved", "延期", icon="calendar-due", tone="warn", text="到 {until}")
say("hazard.begun", "开始整改", icon="player-play", tone="doing")
say("hazard.repair_begun", "报修", icon="tool", tone="doing", text="{ticket}")
say("hazard.fixed", "整改好了", icon="circle-check", tone="info", text="{on}")
say("hazard.closed", "复查合格，销号", icon="check", tone="ok", text="存在 {days} 天")
say("hazard.returned", "复查不合格", icon="arrow-back-up", tone="back", text="第 {times} 次退回")
say("hazard.reported_up", "上报", icon="flag", tone="warn", text="{on}")
say("hazard.listed", "挂牌督办", icon="flag", tone="bad", text="{supervisor}，{on}")
say("hazard.escalated", "催办", icon="bell-ringing", tone="warn", text="第 {level} 级")
say("hazard.seen", "又有人看到", icon="users", tone="warn", text="又有 {many} 人")
say("hazard.dropped", "不是隐患", icon="ban")
