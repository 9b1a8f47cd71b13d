"""A count from the plan to the corrected register: rooms are given out, scanned, closed; differences are settled and signed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from zongwu.assets import catalogue, counting
from zongwu.assets.models import Asset, Scan, Stocktake, StocktakeItem, StocktakeRoom, Surplus
from zongwu.kernel import bulk, notify, numbering
from zongwu.kernel.accounts import Person
from zongwu.kernel.actions import action, create_action
from zongwu.kernel.amounts import to_fen
from zongwu.kernel.approvals import signatures, submitting
from zongwu.kernel.approvals.models import DocumentState
from zongwu.kernel.codes import PublicCode
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import NeedsConfirmation, Refused
from zongwu.school.models import Department, Place

PLAN, COUNT = "assets.plan_stocktake", "assets.count_assets"
Phase, Room = Stocktake.Phase, StocktakeRoom.State
Said, Result, Answer = Scan.Said, StocktakeItem.Result, StocktakeItem.Answer
MOST = Decimal(10**8)
"""Pieces: beyond this somebody leant on a key."""
_CODE = re.compile(r"(?:.*/p/)?([23456789A-HJ-NP-Z]{8})/?", re.IGNORECASE)


@create_action(Stocktake, label="计划盘点", permission=PLAN, icon="clipboard-check", primary=True)
def plan_stocktake(
    ctx: Ctx, *, name: str, deadline_on: date, places: Sequence[Place], department: Department | None = None, category: str = "",
    blind: bool = False, watcher: Person | None = None, second_watcher: Person | None = None,
) -> Stocktake:  # fmt: skip
    """A plan: which rooms (and everything in them), which cards, until when. Nothing is frozen before it begins."""
    if ctx.person is None:
        raise Refused("盘点要由人来计划。")
    if deadline_on < ctx.today:
        raise Refused(fields={"deadline_on": "盘完期限不能在今天以前。"})
    if watcher is not None and second_watcher is not None and watcher.pk == second_watcher.pk:
        raise Refused(fields={"second_watcher": "两个监盘人不能是同一个人。"})
    rooms = _rooms(places)
    if not rooms:
        raise Refused(fields={"places": "选中的地方里没有登记资产的房间。"})
    stocktake = Stocktake(
        school=ctx.school, number=numbering.take(ctx.school.pk, "PD", ctx.today.year)[0], name=name, title=name, applicant=ctx.person,
        applied_on=ctx.today, deadline_on=deadline_on, department=department, category=category, blind=blind, watcher=watcher,
        second_watcher=second_watcher,
    )  # fmt: skip
    stocktake.save()
    StocktakeRoom.objects.bulk_create(
        StocktakeRoom(school=ctx.school, stocktake=stocktake, place=place, counter_id=place.keeper_id, path=place.path)
        for place in rooms
    )
    ctx.journal(stocktake, "stocktake.planned", rooms=len(rooms), deadline=deadline_on, detail={"名称": name})
    return stocktake


def _rooms(places: Sequence[Place]) -> list[Place]:
    """Every place under the chosen ones in which a card stands, each once."""
    rows = Place.objects.under(*places) if places else Place.objects.open()
    return list(rows.filter(pk__in=Asset.objects.on_books().values("place")).order_by("path"))


@action(StocktakeRoom, label="换人盘", permission=PLAN, icon="user-share", refusal="{row} 已经截止，不用再派人。",
        available=lambda room: room.state != Room.CLOSED)  # fmt: skip
def assign_room(ctx: Ctx, room: StocktakeRoom, *, counter: Person) -> StocktakeRoom:
    """Somebody else counts this room."""
    old, room.counter = room.counter, counter
    room.save(update_fields=["counter"])
    ctx.journal(
        room, "stocktake.assigned", to=counter, change={"counter": [old, counter]}, also=[(room.stocktake, "stocktake")]
    )
    notify.tell(ctx, [counter], f"请您盘 {room}，{room.stocktake.deadline_on} 前盘完。", room)
    return room


@action(Stocktake, label="开始盘点", permission=PLAN, icon="player-play", primary=True, available=lambda s: s.phase == Phase.PLANNED,
        refusal="{row} 已经开始了。", confirm="开始后账面就定格在今天，各房间可以扫了；以后新增的资产不在这次的清单里。")  # fmt: skip
def begin_stocktake(ctx: Ctx, stocktake: Stocktake) -> Stocktake:
    """Freeze the list as the books stand now and open the rooms."""
    busy = StocktakeRoom.objects.filter(
        place__in=stocktake.rooms.values("place"), stocktake__state__in=(*Stocktake.OPEN_STATES, DocumentState.RUNNING)
    )
    other = (
        busy.exclude(stocktake=stocktake)
        .exclude(stocktake__phase__in=(Phase.PLANNED, Phase.DONE))
        .select_related("stocktake", "place")
        .first()
    )
    if other is not None:
        raise Refused(f"{other.place} 已经在 {other.stocktake} 里盘，那一次结束以后再盘。")
    cards = counting.freeze(ctx, stocktake)
    if not cards:
        raise Refused("选中的房间里没有要盘的资产，请改一下范围。")
    stocktake.phase, stocktake.base_on = Phase.COUNTING, ctx.today
    stocktake.save(update_fields=["phase", "base_on"])
    stocktake.rooms.update(state=Room.OPEN)
    ctx.journal(stocktake, "stocktake.begun", cards=cards, on=ctx.today)
    counters = Person.objects.filter(pk__in=stocktake.rooms.values("counter"))
    notify.tell(ctx, counters, f"{stocktake.name} 开始了，请在 {stocktake.deadline_on} 前盘完您的房间。", stocktake)
    return stocktake


@action(StocktakeRoom, label="扫一件", permission=COUNT, hidden=True, available=lambda room: room.state in (Room.OPEN, Room.DONE),
        refusal="这间房现在不能扫：盘点还没开始，或者已经截止。")  # fmt: skip
def scan_item(
    ctx: Ctx,
    room: StocktakeRoom,
    *,
    code: str = "",
    note: str = "",
    quantity: Decimal | None = None,
    device_at: datetime | None = None,
) -> Scan:
    """One thing in one room. The room is locked, the stocktake is not: phones do not wait for each other.

    :param code: what the camera or the keyboard read: a label's address, its eight characters, or a card's number.
    :param note: in place of a code, what the thing without a label is.
    """
    code, note = code.strip()[:120], note.strip()[:100]
    if not code and not note:
        raise Refused("没有读到编号。没有标签的，请写上是什么东西。")
    if quantity is not None and not (quantity.is_finite() and 0 <= quantity < MOST and quantity == round(quantity, 3)):
        raise Refused("数量要填数字，不能是负数，最多三位小数，如 43。")
    card = _card(room, code)
    quantity = quantity if quantity is not None else card.quantity if card else Decimal(1)
    said = Said.SURPLUS if not code else _said(room, card)
    scan = Scan(
        school_id=room.school_id, stocktake_id=room.stocktake_id, room=room, asset=card, code=code, note=note, quantity=quantity, said=said,
        person=ctx.person, at=ctx.now, device_at=device_at,
    )  # fmt: skip
    bulk.insert_object(scan)
    ctx.journal(room, "stocktake.scanned", said=said, asset=card, also=[(scan, "scan")])
    return scan


def _card(room: StocktakeRoom, code: str) -> Asset | None:
    """The card behind what was read, with where the list has it and whether it was scanned here: one query."""
    if not code:
        return None
    match = _CODE.fullmatch(code)
    by_label = PublicCode.objects.filter(
        code=match[1].upper() if match else "", object_kind=Asset.kind, revoked_on=None
    )
    by_number = Asset.objects.live().filter(Q(number=code.upper()) | Q(number=code))
    here = Scan.objects.filter(stocktake=room.stocktake_id, asset=OuterRef("pk"), room=room)
    listed = StocktakeItem.objects.filter(stocktake=room.stocktake_id, asset=OuterRef("pk"))
    rows: QuerySet[Asset] = Asset.objects.live().filter(
        pk=Coalesce(Subquery(by_label.values("object_id")[:1]), Subquery(by_number.values("pk")[:1]))
    )
    return (
        rows.select_related("place")
        .annotate(listed_room=Subquery(listed.values("room")[:1]), scanned_here=Exists(here))
        .first()
    )


def _said(room: StocktakeRoom, card: Asset | None) -> str:
    if card is None:
        return Said.UNKNOWN
    if card.scanned_here:  # type: ignore[attr-defined]
        return Said.AGAIN
    if card.listed_room is None:  # type: ignore[attr-defined]
        return Said.OUTSIDE
    return Said.OK if card.listed_room == room.pk or card.place_id == room.place_id else Said.MOVED  # type: ignore[attr-defined]


@action(StocktakeRoom, label="这间盘完了", permission=COUNT, icon="check", primary=True, available=lambda room: room.state == Room.OPEN,
        refusal="{row} 不在盘点中。")  # fmt: skip
def finish_room(ctx: Ctx, room: StocktakeRoom, *, signature: str = "") -> StocktakeRoom:
    """The counter says that he has seen everything in the room."""
    room.state, room.done_by, room.done_at = Room.DONE, ctx.person, ctx.now
    room.signature = signatures.clean(signature) if signature else ""
    room.save(update_fields=["state", "done_by", "done_at", "signature"])
    ctx.journal(room, "stocktake.room_done", also=[(room.stocktake, "stocktake"), (room.place, "place")])
    return room


@action(StocktakeRoom, label="再盘一遍", permission=COUNT, icon="refresh", available=lambda room: room.state == Room.DONE,
        refusal="{row} 还没有盘完，或者已经截止。")  # fmt: skip
def reopen_room(ctx: Ctx, room: StocktakeRoom) -> StocktakeRoom:
    """Count on in a room that was finished too early."""
    room.state, room.done_by, room.done_at, room.signature = Room.OPEN, None, None, ""
    room.save(update_fields=["state", "done_by", "done_at", "signature"])
    ctx.journal(room, "stocktake.room_reopened", also=[(room.stocktake, "stocktake")])
    return room


@action(Stocktake, label="截止盘点", permission=PLAN, icon="player-pause", primary=True, available=lambda s: s.phase == Phase.COUNTING,
        refusal="{row} 不在盘点中。")  # fmt: skip
def close_stocktake(ctx: Ctx, stocktake: Stocktake, *, confirmed: bool = False) -> Stocktake:
    """End the scanning and work out the differences. Every room is locked first, so no scan is lost on the way.

    :raises NeedsConfirmation: rooms are left that nobody has finished.
    """
    rooms = list(stocktake.rooms.select_for_update(of=("self",), no_key=True).select_related("place").order_by("pk"))
    left = [room for room in rooms if room.state != Room.DONE]
    if left and not confirmed:
        some = "、".join(str(room.place) for room in left[:3])

        raise NeedsConfirmation(
            f"还有 {len(left)} 间没盘完：{some}{'等' if len(left) > 3 else ''}。现在截止，没扫到的都算盘亏。"
        )
    stocktake.rooms.update(state=Room.CLOSED)
    counting.reconcile(ctx, stocktake)
    stocktake.phase = Phase.SETTLING
    stocktake.save(update_fields=["phase"])
    found = counting.tally(stocktake)
    ctx.journal(
        stocktake,
        "stocktake.closed",
        **{name: found[name] for name in ("books", "match", "moved", "short", "fewer", "surplus")},
    )
    return stocktake


@action(Stocktake, label="接着盘", permission=PLAN, icon="player-play", refusal="{row} 的差异还没到能退回去盘的时候。",
        available=lambda s: s.phase == Phase.SETTLING and s.may_change)  # fmt: skip
def resume_stocktake(ctx: Ctx, stocktake: Stocktake) -> Stocktake:
    """Open the rooms again, for those that were not finished."""
    stocktake.rooms.filter(done_at=None).update(state=Room.OPEN)
    stocktake.rooms.exclude(done_at=None).update(state=Room.DONE)
    stocktake.phase = Phase.COUNTING
    stocktake.save(update_fields=["phase"])
    ctx.journal(stocktake, "stocktake.resumed")
    return stocktake


@action(Stocktake, label="处理差异", permission=PLAN, hidden=True, available=lambda s: s.phase == Phase.SETTLING and s.may_change,
        refusal="{row} 现在不能处理差异。")  # fmt: skip
def settle_differences(
    ctx: Ctx, stocktake: Stocktake, *, items: Sequence[int], answer: str, reason: str = ""
) -> Stocktake:
    """Decide about several differences at once. The register follows only after approval."""
    rows = list(stocktake.items.filter(pk__in=items).select_related("asset"))
    if not rows or len(rows) != len(set(items)):
        raise Refused("选中的里面有不在这次盘点里的，请刷新后重选。")
    problems = []
    for row in rows:
        if answer in (Answer.FOLLOW, Answer.RETURN) and row.result != Result.MOVED:
            problems.append(f"{row} 不是位置不符，不能这样处理。")
        elif answer in (Answer.LOSS, Answer.FOUND) and row.result not in (Result.SHORT, Result.FEWER):
            problems.append(f"{row} 没有少，不能报盘亏。")
        elif answer == Answer.LOSS and row.counted >= row.quantity:
            problems.append(
                f"{row} 实有 {row.counted.normalize():f}，比账上多，不能报盘亏；写明原因，按「找到了」处理。"
            )
        elif answer == Answer.LOSS and row.asset.state in ("lent", "pending"):
            problems.append(f"{row} 现在是{row.asset.get_state_display()}，按那件事的手续办，不能报盘亏。")
        elif answer == Answer.FOLLOW and row.twice:
            problems.append(f"{row} 在两处都扫到了，请先弄清实物在哪里。")
        elif answer == Answer.FOLLOW and row.asset.state == "lent":
            problems.append(f"{row} 在借，等归还时再定位置。")
    if answer not in Answer.values or not answer:
        problems.append("请选怎么处理。")
    if answer in (Answer.LOSS, Answer.FOUND) and not reason.strip():
        problems.append("盘亏和找回都要写明原因。")
    if problems:
        raise Refused(*problems[:10])
    stocktake.items.filter(pk__in=items).update(answer=answer, reason=reason.strip()[:100])
    ctx.journal(
        stocktake,
        "stocktake.settled",
        answer=answer,
        cards=len(rows),
        also=[(row.asset, "settled") for row in rows],
        detail={"说明": reason},
    )
    return stocktake


@action(Stocktake, label="处理盘盈", permission=PLAN, hidden=True, available=lambda s: s.phase == Phase.SETTLING and s.may_change,
        refusal="{row} 现在不能处理差异。")  # fmt: skip
def settle_surplus(
    ctx: Ctx, stocktake: Stocktake, *, surplus: int, answer: str, name: str = "", category: str = "", quantity: Decimal = Decimal(1),
    value: Decimal = Decimal(1), reason: str = "",
) -> Stocktake:  # fmt: skip
    """Enter what is in no book, by voucher, appraisal, replacement cost or one nominal yuan; or say why not."""
    row = stocktake.surpluses.filter(pk=surplus).first()
    if row is None:
        raise Refused("这一条盘盈不在这次盘点里，请刷新。")
    if answer not in (Surplus.Answer.ENTER, Surplus.Answer.LEAVE):
        raise Refused("请选补记入账还是不用入账。")
    if answer == Surplus.Answer.LEAVE and not reason.strip():
        raise Refused(fields={"reason": "不入账要写明原因，如 老师自己的、租来的。"})
    if answer == Surplus.Answer.ENTER:
        _worth_entering(category, quantity, value)
    row.answer, row.reason, row.name = answer, reason.strip()[:100], name.strip()[:100] or row.name
    row.category, row.quantity, row.value = category, quantity, value
    row.save()
    ctx.journal(
        stocktake,
        "stocktake.surplus_settled",
        answer=answer,
        value_fen=to_fen(value),
        also=[(row, "surplus")],
        detail={"名称": row.name, "说明": reason},
    )
    return stocktake


def _worth_entering(category: str, quantity: Decimal, value: Decimal) -> None:
    """:raises Refused: a class that is none, or numbers that no card can hold."""
    wrong = {}
    if category and catalogue.name_of(category) is None:
        wrong["category"] = f"分类代码 {category} 不在 GB/T 14885-2022 的目录里，不知道就空着。"
    if not (quantity.is_finite() and 0 < quantity < MOST and quantity == round(quantity, 3)):
        wrong["quantity"] = "数量要大于 0，最多三位小数。"
    if not (value.is_finite() and 0 <= value < MOST and value == round(value, 2)):
        wrong["value"] = "入账价值要是不小于 0 的金额，精确到分。"
    if not wrong and value / quantity >= MOST:
        wrong["value"] = "单价大得不像真的，请核对数量和价值。"
    if wrong:
        raise Refused(fields=wrong)


@action(Stocktake, label="送监盘人签", permission=PLAN, icon="send", primary=True, refusal="{row} 的差异还没有处理完，或者已经送签。",
        available=lambda s: s.phase == Phase.SETTLING and s.may_change)  # fmt: skip
def submit_stocktake(ctx: Ctx, stocktake: Stocktake, *, signature: str = "", device: str = "") -> Stocktake:
    """Send the result on its way. Surplus and shortage change the register only when it is approved (条例 art. 38)."""
    if ctx.person is None or stocktake.applicant_id != ctx.person.pk:
        raise Refused(f"盘点是 {stocktake.applicant} 组织的，由组织的人送签。")
    if left := counting.unsettled(stocktake):
        raise Refused(f"还有 {left} 条差异没有处理，处理完才能送签。")
    if not (stocktake.watcher_id and stocktake.second_watcher_id):
        raise Refused("盘点结果要两个监盘人签，请先在「改计划」里填上。")
    case = submitting.begin(ctx, stocktake, signature=signature, device=device)
    ctx.journal(stocktake, "stocktake.submitted", route=case.route, content=case.hash, also=[(case, "case")])
    return stocktake


@action(Stocktake, label="改计划", permission=PLAN, icon="edit", available=lambda s: s.may_change and s.phase != Phase.DONE,
        refusal="{row} 已经送签，不能改。")  # fmt: skip
def replan_stocktake(
    ctx: Ctx,
    stocktake: Stocktake,
    *,
    name: str,
    deadline_on: date,
    watcher: Person | None = None,
    second_watcher: Person | None = None,
) -> Stocktake:
    """Another name, deadline or watchers; the rooms and the list stay."""
    if watcher is not None and second_watcher is not None and watcher.pk == second_watcher.pk:
        raise Refused(fields={"second_watcher": "两个监盘人不能是同一个人。"})
    old = stocktake.deadline_on
    stocktake.name = stocktake.title = name
    stocktake.deadline_on, stocktake.watcher, stocktake.second_watcher = deadline_on, watcher, second_watcher
    stocktake.save(update_fields=["name", "title", "deadline_on", "watcher", "second_watcher"])
    ctx.journal(
        stocktake,
        "stocktake.replanned",
        change={"deadline_on": [old, deadline_on]},
        watcher=watcher,
        second_watcher=second_watcher,
    )
    return stocktake


@action(Stocktake, label="作废", permission=PLAN, icon="ban", refusal="{row} 已经送签或结束，不能作废。",
        available=lambda s: s.may_change and s.phase != Phase.DONE, confirm="作废后这次盘点不算数，扫过的记录都还在。")  # fmt: skip
def drop_stocktake(ctx: Ctx, stocktake: Stocktake, *, reason: str) -> Stocktake:
    """Give the count up."""
    stocktake.rooms.update(state=Room.CLOSED)
    submitting.close(ctx, stocktake)
    stocktake.state, stocktake.phase = DocumentState.DROPPED, Phase.DONE
    stocktake.save(update_fields=["state", "phase"])
    ctx.journal(stocktake, "stocktake.dropped", detail={"原因": reason})
    return stocktake
