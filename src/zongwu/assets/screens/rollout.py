"""The pages of roll-outs: the plan with its progress by building, and the rooms in which something is still to be put."""

from __future__ import annotations

from typing import Any

import django_filters as f
from django.db.models import F
from django.urls import reverse

from zongwu.assets import actions, forms
from zongwu.assets.models import Asset, Placement, Rollout, State
from zongwu.kernel.ctx import Ctx
from zongwu.ui import screens
from zongwu.ui.filters import Filters
from zongwu.ui.history import say
from zongwu.ui.screens import Attachments, Column, Facts, History, Part, Rows, Screens, View

STATES: screens.Tones = {"running": "doing", "done": "ok", "dropped": "neutral"}


class RolloutFilters(Filters):
    state = f.ChoiceFilter(label="状态", choices=Rollout.State.choices, empty_label="不限")

    class Meta:
        model = Rollout
        fields: list[str] = []


class PlacementFilters(Filters):
    waiting = f.ChoiceFilter(label="装了没有", choices=[("open", "还没装")], method="is_open", empty_label="不限")

    class Meta:
        model = Placement
        fields: list[str] = []

    def is_open(self, rows: Any, name: str, value: str) -> Any:
        return rows.open()


def _progress(ctx: Ctx, rollout: Rollout) -> dict[str, Any]:
    """By building: how many go there and how many are in; and what came out and waits to be disposed of."""
    found: dict[str, dict[str, Any]] = {}
    for path, placed in (
        rollout.placements.filter(dropped_on=None).order_by("place__path").values_list("place__path", "placed_on")
    ):
        parts = path.split("/")
        one = found.setdefault(parts[1] if len(parts) > 1 else parts[0], {"all": 0, "placed": 0})
        one["all"] += 1
        one["placed"] += placed is not None
    replaced = Asset.objects.on_books().filter(
        pk__in=rollout.placements.exclude(placed_on=None).exclude(old=None).values("old"), state=State.IDLE
    )
    ids = list(replaced.values_list("pk", flat=True)) if ctx.may("assets.apply_disposal") else []
    dispose = reverse("assets:disposals-new", args=[ctx.school.code, "apply_disposal"])
    return {
        "buildings": [{"name": name, **one} for name, one in found.items()], "all": sum(one["all"] for one in found.values()),
        "placed": sum(one["placed"] for one in found.values()), "left": sum(one["all"] - one["placed"] for one in found.values()), "replaced": len(ids),
        "dispose": f"{dispose}?asset={','.join(map(str, ids))}" if ids else "",
    }  # fmt: skip


def _rooms(ctx: Ctx, rollout: Rollout) -> Any:
    rows = Placement.objects.visible_to(ctx).filter(rollout=rollout)
    return rows.select_related("place", "asset", "old").order_by(F("placed_on").asc(nulls_first=True), "seq")


ROLLOUTS = Screens(
    model=Rollout, area="assets", name="rollouts", title="配发", icon="package-export", read="assets.read_rollout", unit="次",
    blank="一批设备装进许多房间：在台账里勾选新设备，点「安排配发」，选楼或者选要换下的旧设备，一间一间装，装一间记一间。",
    columns=[
        Column("number", link=True, phone="line"), Column("name", phone="title"), Column("leader", phone="line"), Column("planned_on", sort=True),
        Column("due_on"), Column("state", badge=STATES, phone="badge"), Column("ended_on"),
    ],
    default_order="-planned_on", filters=RolloutFilters, views=[View("全部", ""), View("配发中", "state=running")],
    detail=[
        Facts("配发", ["name", "planner", "leader", "planned_on", "due_on", "state", "ended_on"]),
        Part("进展", "assets/_rollout.html", _progress),
        Rows("房间", [Column("place", label="房间", link=True), Column("asset", label="装什么"), Column("old", label="换下什么"), Column("placed_on"), Column("placed_by"), Column("dropped_on")], _rooms, most=500),
        Attachments(), History(),
    ],
    forms={actions.plan_rollout: forms.RolloutForm, actions.drop_rollout: forms.DropForm},
)  # fmt: skip
PLACEMENTS = Screens(
    model=Placement, area="assets", name="placements", title="要装的房间", icon="map-pin-check", read="assets.read_rollout", unit="间",
    blank="安排了配发，要装的房间在这里。站在房间里装好一件，点一下「装好」。",
    columns=[
        Column("place", link=True, phone="title"), Column("asset", label="装什么", phone="line"), Column("old", label="换下什么"), Column("rollout", phone="line"),
        Column("placed_on"), Column("placed_by"), Column("seq", sort=True, hidden=True),
    ],
    default_order="seq", filters=PlacementFilters, views=[View("还没装", "waiting=open"), View("全部", "")],
    detail=[Facts("装一件", ["place", "asset", "old", "rollout", "placed_on", "placed_by", "dropped_on"]), Attachments("照片"), History()],
    forms={actions.place_item: forms.PlacedForm, actions.drop_placement: forms.DropForm},
)  # fmt: skip
screens.register(ROLLOUTS, PLACEMENTS)

say("asset.split", "拆成单件", icon="table-plus", text="拆成 {cards} 张卡片：{first} 到 {last}")
say("rollout.planned", "安排配发", icon="package-export", text="{cards} 件，换下 {replaces} 件；{due_on} 前装完")
say("rollout.placed", "装好一件", icon="map-pin-check", tone="ok", text="{to}，{on}")
say("rollout.skipped", "这间不装了", icon="ban")
say("rollout.dropped", "作废配发", icon="ban", text="没装的 {cards} 件不再装")
