"""Who answers for a room: agreements are drawn up for a whole term, rooms are looked through, and at the end accepted back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from zongwu.assets import custody
from zongwu.assets.models import Agreement, AgreementLine, Asset, Condition, Finding, RoomCheck
from zongwu.assets.models.custody import LIVE
from zongwu.kernel import numbering
from zongwu.kernel.accounts import Person
from zongwu.kernel.actions import action, create_action
from zongwu.kernel.approvals import signatures, submitting
from zongwu.kernel.approvals.models import DocumentState, Task, TaskState, mine
from zongwu.kernel.approvals.queries import last_case
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Forbidden, NeedsConfirmation, Refused
from zongwu.school.models import Place, SchoolClass, Term

DRAW, KEEP = "assets.draw_agreement", custody.KEEP
MOST = 100
How, Purpose = Finding.How, RoomCheck.Purpose


@create_action(Agreement, label="开责任书", permission=DRAW, icon="file-text", primary=True)
def draw_agreements(
    ctx: Ctx, *, term: Term, places: Sequence[Place], until_on: date, terms: str, signature: str = "", device: str = "", confirmed: bool = False
) -> list[Agreement]:  # fmt: skip
    """One agreement for every room below `places` that has things in it and somebody who answers for it; all are sent off,
    under one signature of the office. A room that has one is left as it is, until it is accepted back.

    :raises Refused: there is nothing to draw up, or more than one act can hold.
    :raises NeedsConfirmation: some rooms have things in them and nobody who answers; the others can go ahead.
    """
    if ctx.person is None:
        raise Refused("责任书要由人来开。")
    _within(ctx, until_on)
    rooms, without = _rooms(ctx, places)
    if not rooms:
        raise Refused(_lacking(without) or "没有要开的：选的地方没有在用的资产，或者已经有责任书，还没有验收。")
    if len(rooms) > MOST:
        raise Refused(f"一次最多开 {MOST} 份，这里有 {len(rooms)} 间，请一栋楼一栋楼开。")
    if without and not confirmed:
        raise NeedsConfirmation(f"能开 {len(rooms)} 份。{_lacking(without)}")
    numbers = numbering.take(ctx.school.pk, "ZR", ctx.today.year, len(rooms))
    agreements, touched = [], []
    for number, room in zip(numbers, rooms, strict=True):
        agreement = Agreement(
            school=ctx.school, number=number, title=f"{room.place} {room.school_class or ''}".strip(), applicant=ctx.person, applied_on=ctx.today, term=term,
            place=room.place, school_class=room.school_class, until_on=until_on, terms=terms,
        )  # fmt: skip
        _put(agreement, room)
        case = submitting.begin(ctx, agreement, signature=signature, device=device)
        touched += [(agreement, "agreement"), (case, "case"), (room.place, "place"), (room.keeper, "keeper")]
        agreements.append(agreement)
    ctx.journal(
        term, "agreement.drawn", agreements=len(agreements), cards=sum(one.cards for one in agreements), until_on=until_on, also=touched,
    )  # fmt: skip
    return agreements


def _within(ctx: Ctx, until_on: date) -> None:
    if not ctx.today < until_on <= ctx.today + timedelta(days=400):
        raise Refused(fields={"until_on": "责任期要到今天以后，最长一年多一点，一般是期末验收那一天。"})


class _Room(NamedTuple):
    """A room, whose it is, who answers for it, and what stands in it."""

    place: Place
    school_class: SchoolClass | None
    keeper: Person
    cards: Sequence[Asset]


def _rooms(ctx: Ctx, places: Sequence[Place]) -> tuple[list[_Room], list[Place]]:
    """Rooms without an agreement that have something in them, and those for which nobody could sign."""
    taken = Agreement.objects.standing().values("place")
    rows = Place.objects.open().under(*places).exclude(pk__in=taken).select_related("keeper").order_by("path")
    rooms = {place.pk: place for place in rows}
    classes = {one.room_id: one for one in SchoolClass.objects.open().filter(room__in=rooms).select_related("teacher")}
    cards: dict[int, list[Asset]] = {}
    for card in custody.standing(*rooms).select_for_update(of=("self",)):
        cards.setdefault(card.place_id, []).append(card)
    found, without = [], []
    for pk, place in rooms.items():
        if pk in cards:
            keeper = _keeper(ctx, place, classes.get(pk))
            if keeper is None:
                without.append(place)
            else:
                found.append(_Room(place, classes.get(pk), keeper, cards[pk]))
    return found, without


def _lacking(without: Sequence[Place]) -> str:
    if not without:
        return ""
    names = "、".join(str(place) for place in without[:10]) + (f"等 {len(without)} 间" if len(without) > 10 else "")
    return f"{names}没有班主任或分保管员，或者就是您本人：请管理员到「班级」「场所」填上，本人保管的请别人来开。"


def _keeper(ctx: Ctx, place: Place, school_class: SchoolClass | None) -> Person | None:
    """Whoever answers for it; nobody hands a room to himself."""
    found = custody.answering(place, school_class)
    return None if found == ctx.person else found


def _put(agreement: Agreement, room: _Room) -> None:
    """Who answers now, and a copy of what stands in the room now. Who hands it over is not its head as well."""
    head = room.place.keeper
    agreement.keeper = room.keeper
    agreement.head = None if head in (None, room.keeper, agreement.applicant) else head
    agreement.cards, agreement.value = len(room.cards), sum((card.value for card in room.cards), Decimal(0))
    agreement.save()
    agreement.lines.all().delete()
    AgreementLine.objects.bulk_create(
        AgreementLine(school_id=agreement.school_id, agreement=agreement, asset=card, seq=seq, quantity=card.quantity, value=card.value)
        for seq, card in enumerate(room.cards, start=1)
    )  # fmt: skip


@action(Agreement, label="重新送签", permission=DRAW, icon="send", primary=True, available=submitting.may_change, refusal="{row} 已经送签了。")  # fmt: skip
def submit_agreement(
    ctx: Ctx, agreement: Agreement, *, until_on: date, signature: str = "", device: str = ""
) -> Agreement:
    """Send it again with what stands in the room now and whoever answers for it now."""
    submitting.own(ctx, agreement)
    _within(ctx, until_on)
    agreement.until_on = until_on
    cards = list(custody.standing(agreement.place_id).select_for_update(of=("self",)))
    if not cards:
        raise Refused(f"{agreement.place} 现在没有在用的资产，请作废这份责任书。")
    keeper = _keeper(ctx, agreement.place, agreement.school_class)
    if keeper is None:
        raise Refused(_lacking([agreement.place]))
    agreement.pupils_ink, agreement.pupils_signed_on = "", None
    _put(agreement, _Room(agreement.place, agreement.school_class, keeper, cards))
    case = submitting.begin(ctx, agreement, signature=signature, device=device)
    ctx.journal(agreement, "agreement.submitted", route=case.route, cards=agreement.cards, content=case.hash, also=[(case, "case")])  # fmt: skip
    return agreement


@action(Agreement, label="作废", permission=DRAW, icon="ban", available=submitting.may_change, refusal="{row} 已经送签，要作废请先撤回。",
        confirm="作废后这份责任书不再办。")  # fmt: skip
def drop_agreement(ctx: Ctx, agreement: Agreement, *, reason: str = "") -> Agreement:
    """Give it up. The number stays used."""
    submitting.give_up(ctx, agreement)
    ctx.journal(agreement, "agreement.dropped", detail={"原因": reason})
    return agreement


def waits_for_pupils(agreement: Agreement) -> bool:
    return agreement.state == DocumentState.RUNNING and custody.pupils_sign(agreement) and not agreement.pupils_ink


@action(Agreement, label="请学生代表签名", permission=KEEP, icon="edit", available=waits_for_pupils,
        refusal="{row} 现在不用学生代表签名：没有班级、已经签过，或者不在签。")  # fmt: skip
def sign_for_pupils(ctx: Ctx, agreement: Agreement, *, signature: str) -> Agreement:
    """A pupil signs on the class teacher's device. The strokes are kept, not who it was.

    :raises Forbidden: somebody else's class.
    """
    case = last_case(agreement)
    if case is None or not Task.objects.filter(mine(ctx), case=case, state=TaskState.OPEN).exists():
        raise Forbidden(f"这是 {agreement.school_class} 的责任书，由班主任 {agreement.keeper} 请学生代表签。")
    agreement.pupils_ink, agreement.pupils_signed_on = _inked(signature), ctx.today
    agreement.save(update_fields=["pupils_ink", "pupils_signed_on"])
    ctx.journal(agreement, "agreement.pupils_signed", on=ctx.today)
    return agreement


def _inked(signature: str) -> str:
    """:raises Refused: nothing was drawn, or it is no drawing."""
    if not signature:
        raise Refused(fields={"signature": "请学生代表在框里签上自己的名字。"})
    return signatures.clean(signature)


# --- looking a room through ------------------------------------------------------------------------------------------


class Wrong(NamedTuple):
    """How a thing is not as it should be, how much of it (None: all), and a word about it."""

    how: str
    many: Decimal | None = None
    note: str = ""


@create_action(RoomCheck, label="自查", permission=KEEP, icon="checks", hidden=True, narrows=True)
def check_room(
    ctx: Ctx, *, place: Place, wrong: Mapping[int, Wrong], shown: Collection[int] | None = None, signature: str = ""
) -> RoomCheck:
    """Whoever answers for a room looked: all is there, but for what is named. It counts at once.

    :raises Forbidden: somebody else's room.
    :raises Refused: nothing stands in it, or a card is named that does not.
    """
    check = _look(ctx, place, Purpose.SELF, wrong, shown)
    check.ink = signatures.clean(signature) if signature else ""
    check.state, check.ended_on = DocumentState.APPROVED, ctx.today
    check.save(update_fields=["ink", "state", "ended_on"])
    ctx.journal(check, "room.checked", **_said(check))
    return check


@create_action(RoomCheck, label="期末验收", permission=KEEP, icon="clipboard-check", hidden=True, narrows=True)
def accept_room(
    ctx: Ctx,
    *,
    place: Place,
    wrong: Mapping[int, Wrong],
    shown: Collection[int] | None = None,
    signature: str = "",
    pupils: str = "",
    device: str = "",
) -> RoomCheck:
    """The end of the term: what is there and what is not, signed by pupils, whoever answers, the room's head and the office.

    :raises Refused: no agreement is in force, or a pupil has not signed for the class.
    """
    agreement = custody.agreement_of(place)
    if agreement is None:
        raise Refused(f"{place} 没有生效的责任书，不用验收；平时点数请用「自查」。")
    if agreement.checks.filter(purpose=Purpose.ACCEPT, state__in=LIVE).exists():
        raise Refused(f"{place} 的期末验收已经在办了；退回来的请先作废，再点一遍。")
    check = _look(ctx, place, Purpose.ACCEPT, wrong, shown, agreement)
    if custody.pupils_sign(agreement):
        check.pupils_ink = _inked(pupils)
        check.save(update_fields=["pupils_ink"])
    case = submitting.begin(ctx, check, signature=signature, device=device)
    ctx.journal(check, "room.accepting", route=case.route, content=case.hash, **_said(check, (case, "case"), (agreement, "agreement")))  # fmt: skip
    return check


def _said(check: RoomCheck, *more: tuple[Any, str]) -> dict[str, Any]:
    found = [
        one
        for finding in check.findings.select_related("asset")
        for one in ((finding, "found"), (finding.asset, "found_wrong"))
    ]
    return {"cards": check.cards, "wrong": check.wrong, "also": [(check.place, "place"), *found, *more]}


def _look(
    ctx: Ctx,
    place: Place,
    purpose: str,
    wrong: Mapping[int, Wrong],
    shown: Collection[int] | None,
    agreement: Agreement | None = None,
) -> RoomCheck:
    if ctx.person is None:
        raise Refused("要由人来点。")
    if not custody.answers_for(ctx, place):
        raise Forbidden(f"{place} 不归您管，请 {place.keeper or '班主任或总务处'} 来点。")
    cards = {card.pk: card for card in custody.standing(place).select_for_update(of=("self",))}
    if not cards and purpose == Purpose.SELF:
        raise Refused(f"{place} 账上没有在用的资产。")
    new = [str(card) for pk, card in cards.items() if shown is not None and pk not in shown]
    if new:
        raise Refused(
            f"这间房刚调进来 {'、'.join(new[:3])}{'等' if len(new) > 3 else ''}，您点的时候还没有：请刷新，再点一遍。"
        )
    problems = _problems(cards, wrong)
    if problems:
        raise Refused(*problems)
    agreement = agreement or custody.agreement_of(place)
    check: RoomCheck = RoomCheck.objects.create(
        school=ctx.school, number=numbering.take(ctx.school.pk, "ZC-DS", ctx.today.year)[0],
        title=f"{place} {Purpose(purpose).label}" + (f"，{len(wrong)} 处不对" if wrong else "，都在"), applicant=ctx.person, applied_on=ctx.today,
        purpose=purpose, place=place, agreement=agreement, keeper=agreement.keeper if agreement else None, head=agreement.head if agreement else None,
        cards=len(cards), wrong=len(wrong),
    )  # fmt: skip
    for pk, one in wrong.items():  # said before and not settled yet: it is settled with this one
        again = Finding.objects.open().filter(asset=pk, how=one.how)
        again.update(settled_on=ctx.today, outcome=f"后来又点到，见 {check.number}")
    Finding.objects.bulk_create(
        Finding(school=ctx.school, check_of=check, asset=cards[pk], how=one.how, quantity=cards[pk].quantity if one.many is None else one.many, note=one.note[:100], found_on=ctx.today)
        for pk, one in wrong.items()
    )  # fmt: skip
    return check


def _problems(cards: Mapping[int, Asset], wrong: Mapping[int, Wrong]) -> Iterable[str]:
    found = []
    for pk, (how, many, _) in wrong.items():
        card = cards.get(pk)
        if card is None:
            found.append("有一件已经不在这间房的账上了，请刷新再点。")
        elif how not in How.values:
            found.append(f"{card}：请选不见了、坏了或别的房间的。")
        elif many is not None and not 0 < many <= card.quantity:
            found.append(f"{card}：账上 {card.quantity.normalize():f} {card.unit}，不对的数量填 1 到这么多。")
    return found


def unsettled(finding: Finding) -> bool:
    return finding.settled_on is None and finding.check_of.state != DocumentState.RUNNING


@action(RoomCheck, label="作废", permission=KEEP, icon="ban", available=lambda check: check.purpose == Purpose.ACCEPT and check.may_change,
        refusal="{row} 不是退回来的验收，不能作废。", confirm="作废后这次验收不算，请再点一遍。")  # fmt: skip
def drop_check(ctx: Ctx, check: RoomCheck, *, reason: str = "") -> RoomCheck:
    """Give up an acceptance that came back: what it found is settled with it, and the room is looked through again."""
    submitting.give_up(ctx, check)
    check.findings.filter(settled_on=None).update(settled_on=ctx.today, outcome="验收退回，重新点")
    ctx.journal(check, "room.dropped", detail={"原因": reason})
    return check


@action(Finding, label="办完", permission="assets.settle_finding", icon="check", primary=True, available=unsettled, refusal="{row} 已经办完了，或者验收还没有签完：找到了请退回验收，重新点。")  # fmt: skip
def settle_finding(ctx: Ctx, finding: Finding, *, outcome: str, broken: bool = False) -> Finding:
    """What became of it: found again, moved in the register, repaired, reported as damage; or the register says from now on that it is broken."""
    if broken:
        card = Asset.objects.on_books().select_for_update(of=("self",)).filter(pk=finding.asset_id).first()
        if card is None:
            raise Refused(f"{finding.asset} 已经不在台账上了，不用改。")
        card.condition = Condition.BROKEN
        card.save(update_fields=["condition"])
    finding.settled_on, finding.outcome = ctx.today, outcome
    finding.save(update_fields=["settled_on", "outcome"])
    ctx.journal(
        finding,
        "finding.settled",
        on=ctx.today,
        broken=broken,
        also=[(finding.asset, "asset")],
        detail={"结果": outcome},
    )
    return finding
