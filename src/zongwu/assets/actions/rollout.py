"""One purchase goes into many rooms: planned once, put in room by room, with what it replaces coming out."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from zongwu.assets import counting, custody, steps
from zongwu.assets.actions import handover
from zongwu.assets.actions.cards import SERIES, at_hand
from zongwu.assets.models import Asset, Damage, Placement, Rollout, State
from zongwu.kernel import notify, numbering
from zongwu.kernel.accounts import Person
from zongwu.kernel.actions import action, create_action
from zongwu.kernel.amounts import from_fen, split, to_fen
from zongwu.kernel.approvals.models import DocumentState
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Missing, Refused
from zongwu.school.models import Place, SchoolClass

PLAN, PLACE = "assets.plan_rollout", "assets.place_item"
MOST = 500


def splits(asset: Asset) -> bool:
    return at_hand(asset) and asset.quantity > 1 and asset.quantity == asset.quantity.to_integral_value()


@action(Asset, label="拆成单件", permission="assets.register_asset", icon="table-plus", available=splits,
        refusal="{row} 不能拆：只有在用或闲置、数量是整数并且多于 1 的卡片能拆。", confirm="原卡片作废，一件一张新卡片，各有自己的编号；金额合计不变。")  # fmt: skip
def split_asset(ctx: Ctx, asset: Asset) -> Asset:
    """A batch that goes to many rooms becomes a card a piece; the fen that do not divide go to the first ones.

    :raises Refused: it was depreciated already, is being counted, or is more than can be handled at once.
    """
    if asset.charges.exists():
        raise Refused("这张卡片已经提过折旧，拆了账对不上；请只改数量和价值，或走处置手续。")
    if asset.spells.count() > 1:
        raise Refused("这张卡片已经有变动记录，拆了以前的数就变了；新登记的卡片先拆，再调拨、领用。")
    if asset.quantity > MOST:
        raise Refused(f"一次最多拆 {MOST} 件。")
    counting.refuse_while_counted([asset])
    handover.free([asset])
    if Damage.objects.filter(asset=asset, state__in=(*Damage.OPEN_STATES, DocumentState.RUNNING)).exists():
        raise Refused("这张卡片上有没办完的损坏赔偿，办完再拆。")
    pieces = int(asset.quantity)
    numbers = numbering.take(ctx.school.pk, SERIES, (asset.acquired_on or ctx.today).year, pieces)
    cards = []
    values, funds = (split(to_fen(whole), [1] * pieces) for whole in (asset.value, asset.fiscal_fund))
    for number, fen, fund in zip(numbers, values, funds, strict=True):
        card = copy.copy(asset)
        card.pk, card.number, card.serial, card.quantity = None, number, "", Decimal(1)
        card.value, card.fiscal_fund = from_fen(fen), from_fen(fund)
        card._state.adding = True
        steps.set_life(card)
        cards.append(card)
    asset.void = True
    asset.save(update_fields=["void"])
    steps.enter_cards(ctx, cards)
    ctx.journal(
        asset, "asset.split", cards=pieces, first=cards[0], last=cards[-1], also=[(card, "part") for card in cards]
    )
    return asset


@create_action(Rollout, label="安排配发", permission=PLAN, icon="package-export", primary=True, starts_from=("asset",))
def plan_rollout(
    ctx: Ctx, *, name: str, assets: Sequence[Asset], due_on: date, places: Sequence[Place] = (), classrooms: bool = False,
    replaces: Sequence[Asset] = (), leader: Person | None = None,
) -> Rollout:  # fmt: skip
    """New cards into the rooms below `places`, in the order of the building; or, with `replaces`, into the rooms of the old ones.

    Nothing changes in the register before a thing is put in.

    :raises Refused: a batch that is still one card, rooms or old things fewer than new ones, or something that is not at hand.
    """
    if ctx.person is None:
        raise Refused("配发要由人来安排。")
    if due_on < ctx.today:
        raise Refused(fields={"due_on": "期限不能早于今天。"})
    cards = _taken(ctx, [asset.pk for asset in assets], "assets")
    old = _taken(ctx, [asset.pk for asset in replaces], "replaces") if replaces else []
    problems = [
        f"{card} 一张卡片有 {card.quantity.normalize():f} {card.unit}，请先「拆成单件」。"
        for card in cards
        if card.quantity != 1
    ]
    if both := {card.pk for card in cards} & {card.pk for card in old}:
        problems.append(f"有 {len(both)} 张卡片既要装上又要换下。")
    if problems:
        raise Refused(*problems[:10])
    targets = _targets(cards, old, places, classrooms)
    rollout: Rollout = Rollout.objects.create(
        school=ctx.school, number=numbering.take(ctx.school.pk, "PF", ctx.today.year)[0], name=name, planner=ctx.person, leader=leader,
        planned_on=ctx.today, due_on=due_on,
    )  # fmt: skip
    Placement.objects.bulk_create(
        Placement(school=ctx.school, rollout=rollout, place=place, asset=card, old=former, seq=seq)
        for seq, (card, (place, former)) in enumerate(zip(cards, targets, strict=True), start=1)
    )
    ctx.journal(
        rollout, "rollout.planned", cards=len(cards), replaces=len(old), due_on=due_on,
        also=[(leader, "leader"), *((card, "listed") for card in cards), *((card, "replaced") for card in old)],
    )  # fmt: skip
    notify.tell(ctx, [leader], f"{rollout} 请您负责：{len(cards)} 件，{due_on} 前装完。", rollout)
    return rollout


def _taken(ctx: Ctx, ids: Sequence[int], field: str) -> list[Asset]:
    """The cards, locked, each at hand and on no other paper."""
    if not 0 < len(ids) <= MOST:
        raise Refused(fields={field: f"一次配发 1 到 {MOST} 件。"})
    rows = Asset.objects.visible_to(ctx).on_books().filter(pk__in=ids)
    cards = sorted(
        rows.select_related("place").select_for_update(of=("self",)).order_by("pk"), key=lambda card: card.number
    )
    if len(cards) != len(set(ids)):
        raise Missing("选中的资产里有找不到的，可能已作废；什么也没有写。请回到台账重新选。")
    handover.free(cards)
    return cards


def _targets(
    cards: Sequence[Asset], old: Sequence[Asset], places: Sequence[Place], classrooms: bool
) -> list[tuple[Place, Asset | None]]:
    """Where each card goes, and what it replaces there."""
    if old:
        placed = [
            (card.place, card) for card in sorted(old, key=lambda card: (card.place_path, card.number)) if card.place
        ]
        if nowhere := [str(card) for card in old if card.place is None]:
            raise Refused(fields={"replaces": f"{'、'.join(nowhere[:5])} 没有登记地点，不知道换到哪里。"})
        if len(old) != len(cards):
            raise Refused(fields={"replaces": f"新的 {len(cards)} 件，换下的 {len(old)} 件，要一样多。"})
        return list(placed)
    if not places:
        raise Refused(fields={"places": "请选装到哪些房间，或者选要换下的旧设备。"})
    rows = Place.objects.open().under(*places).filter(level=Place.Level.ROOM).order_by("path")
    if classrooms:
        rows = rows.filter(pk__in=SchoolClass.objects.open().values("room"))
    rooms = list(rows)
    if len(rooms) < len(cards):
        raise Refused(fields={"places": f"选的地方有 {len(rooms)} 间房，要装 {len(cards)} 件，房间不够。"})
    return [(room, None) for room in rooms[: len(cards)]]


def to_place(placement: Placement) -> bool:
    return (
        placement.placed_on is None
        and placement.dropped_on is None
        and placement.rollout.state == Rollout.State.RUNNING
    )


@action(Placement, label="装好", permission=PLACE, icon="check", primary=True, bulk=True, available=to_place, refusal="{row} 已经装好了，或者这次配发已经作废。")  # fmt: skip
def place_item(ctx: Ctx, placement: Placement, *, on: date) -> Placement:
    """The new thing stands in its room and is in the charge of whoever answers for that; what it replaces, where it is still
    there, stands idle until it is disposed of.

    :raises Refused: it is not at hand any more, one of the two is being counted, or the room was closed.
    """
    rollout = _running(placement)
    if on > ctx.today:
        raise Refused(fields={"on": "日期不能在今天以后。"})
    if placement.place.closed_on is not None:
        raise Refused(f"{placement.place} 已经停用，这一条请点「不装了」，另外安排。")
    cards = {
        card.pk: card
        for card in Asset.objects.filter(pk__in=[placement.asset_id, placement.old_id])
        .select_for_update(of=("self",))
        .order_by("pk")
    }
    new, old = cards[placement.asset_id], cards.get(placement.old_id or 0)
    if not at_hand(new):
        what = "已经作废" if new.void else f"现在是{new.get_state_display()}"
        raise Refused(f"{new} {what}，装不了：办完那件事，或者点「不装了」。")
    counting.refuse_while_counted(list(cards.values()))
    school_class = placement.place.classes.filter(closed_on=None).select_related("teacher").first()
    keeper = custody.answering(placement.place, school_class)
    wanted = {
        "place_id": placement.place_id,
        "state": State.IN_USE,
        "custodian_id": keeper.pk if keeper else new.custodian_id,
    }
    if any(getattr(new, name) != value for name, value in wanted.items()):
        steps.turn(ctx, new, on, **wanted)
    if old is not None and at_hand(old) and old.state != State.IDLE:
        steps.turn(ctx, old, on, state=State.IDLE)
    placement.placed_on, placement.placed_by = on, ctx.person
    placement.save(update_fields=["placed_on", "placed_by"])
    _finish(ctx, rollout)
    ctx.journal(
        placement, "rollout.placed", on=on, to=placement.place,
        also=[(rollout, "rollout"), (new, "placed"), (old, "replaced"), (placement.place, "place"), (keeper, "custodian")],
    )  # fmt: skip
    return placement


def _running(placement: Placement) -> Rollout:
    """The roll-out, locked: two last rooms at once must see each other.

    :raises Refused: it was given up meanwhile.
    """
    rollout: Rollout = Rollout.objects.select_for_update(of=("self",)).get(pk=placement.rollout_id)
    if rollout.state != Rollout.State.RUNNING:
        raise Refused(f"{rollout} {rollout.get_state_display()}，不用再装。")
    return rollout


def _finish(ctx: Ctx, rollout: Rollout) -> None:
    """Nothing is left to be put in: the roll-out is done."""
    if not rollout.placements.filter(placed_on=None, dropped_on=None).exists():
        rollout.state, rollout.ended_on = Rollout.State.DONE, ctx.today
        rollout.save(update_fields=["state", "ended_on"])


@action(Placement, label="不装了", permission=PLAN, icon="ban", available=to_place, refusal="{row} 已经装好了，或者这次配发已经作废。",
        confirm="这一间不装了；这件设备可以再安排到别处。")  # fmt: skip
def drop_placement(ctx: Ctx, placement: Placement, *, reason: str = "") -> Placement:
    """This one is not put in: it broke, or the room changed. The others go on."""
    rollout = _running(placement)
    placement.dropped_on = ctx.today
    placement.save(update_fields=["dropped_on"])
    _finish(ctx, rollout)
    ctx.journal(placement, "rollout.skipped", also=[(rollout, "rollout"), (placement.asset, "left"), (placement.old, "left")], detail={"原因": reason})  # fmt: skip
    return placement


def running(rollout: Rollout) -> bool:
    return rollout.state == Rollout.State.RUNNING


@action(Rollout, label="作废", permission=PLAN, icon="ban", available=running, refusal="{row} 已经配完或作废了。",
        confirm="没有装的不再装；已经装好的不动。")  # fmt: skip
def drop_rollout(ctx: Ctx, rollout: Rollout, *, reason: str = "") -> Rollout:
    """Give up what has not been put in. What stands in its room stays there."""
    rollout.state, rollout.ended_on = Rollout.State.DROPPED, ctx.today
    rollout.save(update_fields=["state", "ended_on"])
    left = [one.asset for one in rollout.placements.filter(placed_on=None, dropped_on=None).select_related("asset")]
    ctx.journal(
        rollout, "rollout.dropped", cards=len(left), also=[(card, "left") for card in left], detail={"原因": reason}
    )
    return rollout
