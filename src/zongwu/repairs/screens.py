"""The pages of repairs, described."""

from __future__ import annotations

from typing import Any

import django_filters as f

from zongwu.assets.models import Asset
from zongwu.kernel import clock, figures
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.refs import ref
from zongwu.repairs import actions, forms, queries
from zongwu.repairs.models import IN_HAND, Duty, Fault, State, Ticket, Upkeep
from zongwu.school.models import Place
from zongwu.stores.models import Slip
from zongwu.ui import addresses, home, navigation, periods, screens
from zongwu.ui.filters import Filters
from zongwu.ui.history import say
from zongwu.ui.home import Block, Shortcut
from zongwu.ui.navigation import Entry
from zongwu.ui.screens import Attachments, Column, Facts, History, Money, Part, Rows, Screens, Tones, View

TONES: Tones = {
    "new": "warn", "given": "info", "taken": "doing", "here": "doing", "held": "warn", "done": "info", "closed": "ok", "dropped": "neutral",
}  # fmt: skip


class TicketFilters(Filters):
    state = f.ChoiceFilter(label="状态", choices=State.choices, empty_label="不限")
    fault = f.ChoiceFilter(label="类别", choices=Fault.choices, empty_label="不限")
    since = f.DateFilter(label="报修从", field_name="reported_on", lookup_expr="gte")
    until = f.DateFilter(label="报修到", field_name="reported_on", lookup_expr="lte")
    standing = f.ChoiceFilter(label="撤销的", choices=[("1", "不看")], method="but_dropped", empty_label="也看")
    waiting = f.ChoiceFilter(
        label="待办", choices=[("new", "待派"), ("open", "没修好"), ("overdue", "过期没修好"), ("pressing", "紧急超时"), ("resting", "挂起到日子"), ("mine", "派给我的")], method="is_waiting",
        empty_label="不限",
    )  # fmt: skip

    class Meta:
        model = Ticket
        fields: list[str] = []

    def but_dropped(self, rows: Any, name: str, value: str) -> Any:
        return rows.exclude(state=State.DROPPED)

    def is_waiting(self, rows: Any, name: str, value: str) -> Any:
        today = clock.today()
        ways = {
            "new": rows.waiting, "overdue": lambda: rows.overdue(today), "resting": lambda: rows.resting(today),
            "pressing": lambda: rows.filter(pk__in=queries.pressing(today).values("pk")), "mine": lambda: rows.open().filter(worker=self.person),
        }  # fmt: skip
        return ways.get(value, rows.open)()


def _used(ctx: Ctx, ticket: Ticket) -> Any:
    rows = Slip.objects.visible_to(ctx) if ctx.may("stores.read_slip") else Slip.objects.none()
    return rows.filter(pk__in=ticket.slips.values("slip")).order_by("id")


def _kept_up(ctx: Ctx, row: Upkeep) -> Any:
    return _seen(ctx).filter(origin=ref(row)).order_by("-id")


def _how_long(ctx: Ctx, ticket: Ticket) -> dict[str, Any]:
    """With whom each hour was spent, how many others wait, and what the history suggests."""
    return {
        "waits": [(word, _spoken(int(spent.total_seconds() // 60))) for word, spent in ticket.waited], "held": _spoken(ticket.held_minutes) if ticket.held_minutes else "",
        "many": ticket.echoes.count(), "advice": queries.advice(ticket, ctx.today) if ticket.is_open else "", "phone": _phone(ctx, ticket),
        "scrap": f"{addresses.named(ctx.school, 'assets:disposals')}new/apply_disposal/?asset={ticket.asset_id}" if ticket.asset_id and ctx.may("assets.apply_disposal") else "",
    }  # fmt: skip


def _spoken(minutes: int) -> str:
    if minutes < 60:
        return f"{minutes} 分钟"
    return (
        f"{minutes // 60} 小时 {minutes % 60} 分"
        if minutes < 2880
        else f"{minutes // 1440} 天 {minutes % 1440 // 60} 小时"
    )


def _phone(ctx: Ctx, ticket: Ticket) -> str:
    """Whole for whoever has to call, masked for everybody else."""
    if not ticket.phone:
        return ""
    calls = ctx.may("repairs.dispatch") or (ctx.person is not None and ticket.worker_id == ctx.person.pk)
    shown = min(4, len(ticket.phone) // 3)
    return ticket.phone if calls else f"{'*' * (len(ticket.phone) - shown)}{ticket.phone[len(ticket.phone) - shown :]}"


TICKETS = Screens(
    model=Ticket, area="repairs", name="tickets", title="报修单", icon="tool", read="repairs.read_ticket", unit="件", imports="repairs",
    blank="哪里坏了，扫门上的码或者点「报修」：说清地点和哪一类就行，修到哪一步随时看得到。",
    columns=[
        Column("number", link=True, phone="line"), Column("title", phone="title"), Column("fault", hidden=True), Column("place", hidden=True), Column("state", badge=TONES, phone="badge"),
        Column("worker", phone="line"), Column("reported_at", sort=True, low=True), Column("due_on", phone="end"), Column("urgent", hidden=True), Column("stars", hidden=True),
        Money("cost", hidden=True, total=True),
    ],
    default_order="-reported_at", filters=TicketFilters,
    views=[View("没修好", "waiting=open"), View("待派", "waiting=new"), View("派给我的", "waiting=mine"), View("待确认", "state=done"), View("全部", "")],
    detail=[
        Facts("报修", ["place", "spot", "fault", "what", "asset", "urgent", "when", "reporter", "caller", "via", "reported_at", "due_on"]),
        Facts("维修", ["worker", "mender", "supplier", "given_at", "taken_at", "here_at", "held_until", "held_why", "done_at", "did", Money("quoted"), Money("cost"), "back", "stars", "said", "silent", "closed_at"]),
        Rows("用了备件", [Column("number", link=True), Column("title", label="内容"), Column("on", label="日期"), Money("value", label="金额（元）"), Column("standing", label="状态")], _used, most=20),
        Part("等了谁多久", "repairs/_waits.html", _how_long), Attachments("照片"), History(),
    ],
    forms={
        actions.report_fault: forms.ReportForm, actions.give_ticket: forms.GiveForm, actions.hold_ticket: forms.HoldForm, actions.finish_ticket: forms.FinishForm,
        actions.confirm_ticket: forms.ConfirmForm, actions.reopen_ticket: forms.ReopenForm, actions.drop_ticket: forms.DropForm,
    },
)  # fmt: skip
DUTIES = Screens(
    model=Duty, area="repairs", name="duties", title="维修分工", icon="users", read="repairs.read_duty", unit="条",
    blank="谁修什么、修哪里写在这里，报修一来就派给他；没有写到的由派工的人派。",
    columns=[Column("worker", link=True, phone="title"), Column("fault", phone="line"), Column("area", phone="line"), Column("set_on", sort=True)],
    default_order="-set_on", detail=[Facts("分工", ["worker", "fault", "area", "set_on"]), History()], forms={actions.set_duty: forms.DutyForm},
)  # fmt: skip
UPKEEPS = Screens(
    model=Upkeep, area="repairs", name="upkeeps", title="保养计划", icon="calendar-due", read="repairs.read_duty", unit="个",
    blank="水泵、空调、复印机这些，到日子或者到读数自动开一张保养单，派给该修的人。",
    columns=[
        Column("what", link=True, phone="title"), Column("place", phone="line"), Column("rhythm", label="多久一次", phone="line"), Column("next_on", phone="end"), Column("next_at", hidden=True),
        Column("reading", hidden=True), Column("set_on", sort=True, low=True), Column("ended_on", hidden=True),
    ],
    default_order="-set_on", detail=[
        Facts("保养", ["what", "place", "asset", "fault", Column("rhythm", label="多久一次"), "next_on", "next_at", "unit", "reading", "read_on", "ended_on"]),
        Rows("保养过", [Column("number", link=True), Column("state", badge=TONES), Column("reported_on", label="开单"), Column("did")], _kept_up), History(),
    ],
    forms={actions.add_upkeep: forms.UpkeepForm, actions.note_reading: forms.ReadingForm},
)  # fmt: skip
screens.register(TICKETS, DUTIES, UPKEEPS)


def _of_card(ctx: Ctx, card: Asset) -> Any:
    return _seen(ctx).filter(asset=card).order_by("-reported_at")


def _of_place(ctx: Ctx, place: Place) -> Any:
    return _seen(ctx).filter(place=place).order_by("-reported_at")


def _seen(ctx: Ctx) -> Any:
    return Ticket.objects.visible_to(ctx) if ctx.may("repairs.read_ticket") else Ticket.objects.none()


def _my_work(ctx: Ctx) -> dict[str, Any] | None:
    """For whoever has repairs in hand: how many, and the first of them."""
    mine = list(queries.mine(ctx)[:4])
    return {"tickets": mine[:3], "count": queries.mine(ctx).count(), "school": ctx.school} if mine else None


def _desk(ctx: Ctx) -> dict[str, Any]:
    """For whoever gives out work: what waits, what is in hand, what is late, and how long it takes by the middle."""
    rows = Ticket.objects.visible_to(ctx)
    median = figures.values(["repairs.median_hours"], periods.so_far(ctx.today))["repairs.median_hours"]
    return {
        "school": ctx.school, "waiting": rows.waiting().count(), "doing": rows.filter(state__in=IN_HAND).count(), "late": rows.overdue(ctx.today).count(), "median": median,
    }  # fmt: skip


def _my_reports(ctx: Ctx) -> dict[str, Any] | None:
    """For whoever reported something that is not over: how far it is, and what waits for his word."""
    mine = Ticket.objects.visible_to(ctx).filter(reporter=ctx.person).exclude(state__in=(State.CLOSED, State.DROPPED))
    found = list(mine.order_by("-reported_at")[:3]) if ctx.person else []
    return {"tickets": found, "school": ctx.school, "tones": TONES} if found else None


HISTORY = [
    Column("number", link=True),
    Column("what", label="怎么坏了"),
    Column("fault"),
    Column("state", badge=TONES),
    Column("reported_on", label="报修"),
    Money("cost", label="外修费用（元）"),
]
screens.add(Asset, Rows("修过几次", HISTORY, _of_card, most=20))
screens.add(Place, Rows("这里的报修", HISTORY, _of_place, most=20))
navigation.register(
    Entry("repairs", "维修", "tool", "repairs:tickets", "repairs.read_ticket", order=15, children=(
        Entry("repairs", "报修单", "tool", "repairs:tickets", "repairs.read_ticket"),
        Entry("repairs", "派工看板", "layout-kanban", "repairs:board", "repairs.dispatch"),
        Entry("repairs", "我的活", "checklist", "repairs:work", "repairs.work"),
        Entry("repairs", "分工", "users", "repairs:duties", "repairs.read_duty"),
        Entry("repairs", "保养计划", "calendar-due", "repairs:upkeeps", "repairs.read_duty"),
    ))
)  # fmt: skip
home.tile("repairs.reported", order=15)
home.shortcut(Shortcut("报修", "tool", "repairs:tickets-new", actions.REPORT, "report_fault", order=10))
home.block(
    Block("我的活", "repairs/_mine.html", actions.WORK, _my_work, order=10), Block("维修", "repairs/_desk.html", actions.DISPATCH, _desk, order=22),
    Block("我报的修", "repairs/_reported.html", actions.REPORT, _my_reports, order=12),
)  # fmt: skip
home.red_line("repairs.pressing", "repairs.overdue")

say("repair.reported", "报修", icon="tool", tone="warn", text="{fault}")
say("repair.joined", "也有人报", icon="users", text="共 {many} 人")
say("repair.given", "派工", icon="user-check", tone="info", text="{worker}；{supplier}")
say("repair.taken", "接单", icon="check", tone="doing")
say("repair.here", "到场", icon="map-pin", tone="doing")
say("repair.held", "挂起", icon="player-pause", tone="warn", text="{held_why}，到 {until}")
say("repair.resumed", "接着修", icon="player-play")
say("repair.done", "修好了", icon="circle-check", tone="ok", text="用时 {minutes} 分钟")
say("repair.confirmed", "确认修好", icon="mood-happy", tone="ok", text="{stars} 星")
say("repair.reopened", "没修好", icon="mood-sad", tone="warn", text="第 {times} 次返修")
say("repair.silent", "没人回话，到日子办结", icon="clock")
say("repair.dropped", "撤销", icon="ban")
say("duty.set", "定维修分工", icon="users", text="{worker}")
say("duty.dropped", "取消维修分工", icon="ban")
say("upkeep.added", "添保养计划", icon="calendar-due")
say("upkeep.read", "记读数", icon="calculator", text="{reading}；{ticket}")
say("upkeep.due", "到期开单", icon="tool", tone="info", text="{ticket}")
say("upkeep.ended", "停止保养", icon="ban")
