"""The pages of counts and of their rooms."""

from __future__ import annotations

from typing import Any

import django_filters as f
from django.urls import reverse

from zongwu.assets import actions, counting, forms
from zongwu.assets.models import Stocktake, StocktakeRoom
from zongwu.kernel.accounts import Person
from zongwu.kernel.ctx import Ctx
from zongwu.ui import screens
from zongwu.ui.filters import Filters
from zongwu.ui.history import say
from zongwu.ui.screens import Approval, Attachments, Column, Facts, History, Part, Print, Rows, Screens, View

PHASES: screens.Tones = {
    "planned": "neutral", "counting": "doing", "settling": "warn", "done": "ok", "waiting": "neutral", "open": "info", "closed": "neutral",
}  # fmt: skip


class StocktakeFilters(Filters):
    phase = f.ChoiceFilter(label="阶段", choices=Stocktake.Phase.choices, empty_label="不限")

    class Meta:
        model = Stocktake
        fields: list[str] = []


class RoomFilters(Filters):
    state = f.ChoiceFilter(label="状态", choices=StocktakeRoom.State.choices, empty_label="不限")

    class Meta:
        model = StocktakeRoom
        fields: list[str] = []


def _progress(ctx: Ctx, stocktake: Stocktake) -> dict[str, Any]:
    rooms = list(counting.progress(stocktake))
    return {"stocktake": stocktake, "rooms": rooms, "done": sum(room.done_at is not None for room in rooms)}


def _go(ctx: Ctx, room: StocktakeRoom) -> dict[str, Any] | None:
    if room.state not in (StocktakeRoom.State.OPEN, StocktakeRoom.State.DONE):
        return None
    return {"url": reverse("assets:count-room", args=[ctx.school.code, room.pk]), "name": "去扫这间房"}


STOCKTAKES = Screens(
    model=Stocktake, area="assets", name="stocktakes", title="资产盘点", icon="clipboard-check", read="assets.read_stocktake", unit="次",
    blank="一年至少盘一次：先定范围和期限，分到房间和人，用手机扫，差异处理完再送签，批准以后台账才改。",
    columns=[
        Column("number", link=True, phone="line"), Column("name", phone="title"), Column("applicant", label="组织人"), Column("base_on"),
        Column("deadline_on", sort=True, phone="line"), Column("phase", badge=PHASES, sort=True, phone="badge"), Column("standing", label="进展"),
    ],
    default_order="-deadline_on", filters=StocktakeFilters,
    views=[View("全部", ""), View("盘点中", "phase=counting"), View("处理差异", "phase=settling"), View("已结束", "phase=done")],
    detail=[
        Approval(),
        Facts("计划", ["name", "base_on", "deadline_on", "blind", "department", "category", "applicant", "watcher", "second_watcher"]),
        Part("房间", "assets/_progress.html", _progress), Attachments(), History(),
    ],
    forms={
        actions.plan_stocktake: forms.PlanForm, actions.replan_stocktake: forms.ReplanForm, actions.submit_stocktake: forms.SubmitForm,
        actions.drop_stocktake: forms.VoidForm,
    },
    prints=[Print("打盘点表", "assets:count-sheet", "printer", "assets.read_stocktake")],
)  # fmt: skip

ROOMS = Screens(
    model=StocktakeRoom, area="assets", name="rooms", title="盘点房间", icon="door", read="assets.count_assets", unit="间",
    blank="盘点开始以后，分给您的房间在这里。打开一间，站在房间里一件一件扫。",
    columns=[
        Column("place", link=True, sort="path", phone="title"), Column("stocktake", phone="line"), Column("counter", phone="line"),
        Column("state", badge=PHASES, phone="badge"), Column("done_by"), Column("done_at"),
    ],
    default_order="place", filters=RoomFilters, views=[View("待盘", "state=open"), View("盘完", "state=done"), View("全部", "")],
    detail=[Part("盘点", "ui/_document.html", _go), Facts("房间", ["place", "stocktake", "counter", "state", "done_by", "done_at"]), History()],
    forms={actions.assign_room: forms.AssignForm, actions.finish_room: forms.FinishForm},
)  # fmt: skip
screens.register(STOCKTAKES, ROOMS)


def _of_person(ctx: Ctx, person: Person) -> Any:
    return (
        StocktakeRoom.objects.visible_to(ctx)
        .open()
        .filter(counter=person)
        .select_related("place", "stocktake")
        .order_by("place__path")
    )


screens.add(
    Person,
    Rows("要盘的房间", [Column("place", label="房间", link=True), Column("stocktake", label="盘点")], _of_person),
)

say("stocktake.planned", "计划盘点", icon="clipboard-check", text="{rooms} 间房；{deadline} 前盘完")
say("stocktake.replanned", "改盘点计划", icon="edit", text="监盘人{watcher}；{second_watcher}")
say("stocktake.begun", "开始盘点", icon="player-play", tone="info", text="账面 {on}，{cards} 张卡片")
say("stocktake.assigned", "派人盘", icon="user-share", text="{to}")
say("stocktake.scanned", "扫到", icon="scan", text="{asset}")
say("stocktake.room_done", "这间盘完", icon="check", tone="ok")
say("stocktake.room_reopened", "再盘一遍", icon="refresh")
say(
    "stocktake.closed",
    "截止盘点",
    icon="player-pause",
    tone="warn",
    text="账面 {books}，相符 {match}，位置不符 {moved}，盘亏 {short}，盘盈 {surplus}",
)
say("stocktake.resumed", "接着盘", icon="player-play")
say("stocktake.settled", "定差异", icon="check", text="{cards} 件")
say("stocktake.surplus_settled", "定盘盈", icon="check", text="{value_fen}")
say("stocktake.submitted", "盘点结果送签", icon="send", tone="info", text="{route}")
say("stocktake.applied", "盘点结果通过，调账", icon="clipboard-check", tone="ok")
say("stocktake.dropped", "作废盘点", icon="ban")
