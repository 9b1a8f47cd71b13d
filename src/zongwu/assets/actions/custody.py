"""Who answers for a room: agreements are drawn up for a whole term, rooms are looked through, and at the end accepted back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q

from zongwu.assets.custody import agreement_of, standing
from zongwu.assets.models import Agreement, AgreementLine, Asset, Finding, RoomCheck
from zongwu.assets.models.custody import LIVE
from zongwu.kernel import numbering
from zongwu.kernel.accounts import Person
from zongwu.kernel.actions import action, create_action
from zongwu.kernel.approvals import signatures, submitting
from zongwu.kernel.approvals.models import DocumentState
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Forbidden, NeedsConfirmation, Refused
from zongwu.school.models import Place, SchoolClass, Term

DRAW, KEEP = "assets.draw_agreement", "assets.keep_room"
How, Purpose = Finding.How, RoomCheck.Purpose


@create_action(Agreement, label="开责任书", permission=DRAW, icon="file-text", primary=True)
def draw_agreements(
    ctx: Ctx,
    *,
    term: Term,
    places: Sequence[Place],
    until_on: date,
    terms: str,
    signature: str = "",
    device: str = "",
    confirmed: bool = False,
) -> list[Agreement]:
    """One agreement for every room below `places` that has things in it and somebody who answers for it; all are sent off,
    under one signature of the office. A room that has one this term is left as it is.

    :raises Refused: there is nothing to draw up.
    :raises NeedsConfirmation: some rooms have things in them and nobody who answers; the others can go ahead.
    """
    if ctx.person is None:
        raise Refused("责任书要由人来开。")
    if until_on <= ctx.today:
        raise Refused(fields={"until_on": "责任期要到今天以后，一般是期末验收那一天。"})
    rooms, without = _rooms(ctx, term, places)
    if not rooms:
        raise Refused("没有要开的责任书。" + _lacking(without))
    if without and not confirmed:
        raise NeedsConfirmation(f"能开 {len(rooms)} 份。{_lacking(without)}")
    numbers = numbering.take(ctx.school.pk, "ZR", ctx.today.year, len(rooms))
    agreements = []
    for number, (place, (school_class, keeper, cards)) in zip(numbers, rooms.items(), strict=True):
        agreement = Agreement(
            school=ctx.school, number=number, title=f"{place} {school_class or ''}".strip(), applicant=ctx.person, applied_on=ctx.today, term=term,
            place=place, school_class=school_class, until_on=until_on, terms=terms,
        )  # fmt: skip
        _put(agreement, keeper, cards)
        submitting.begin(ctx, agreement, signature=signature, device=device)
        agreements.append(agreement)
    ctx.journal(
        term, "agreement.drawn", agreements=len(agreements), cards=sum(one.cards for one in agreements),
        until_on=until_on, also=[(one, "agreement") for one in agreements],
    )  # fmt: skip
    return agreements


def _rooms(
    ctx: Ctx, term: Term, places: Sequence[Place]
) -> tuple[dict[Place, tuple[SchoolClass | None, Person, list[Asset]]], list[Place]]:
    """Rooms with their class and cards, and those for which nobody could sign."""
    below = Q(pk__in=())
    for place in places:
        below |= Q(pk__in=Place.objects.under(place).values("pk"))
    taken = Agreement.objects.filter(term=term, state__in=LIVE).values("place")
    rooms = Place.objects.open().filter(below).exclude(pk__in=taken).select_related("keeper").order_by("path")
    classes = {
        one.room_id: one for one in SchoolClass.objects.open().exclude(room=None).select_related("teacher", "room")
    }
    cards: dict[int, list[Asset]] = {}
    for card in standing(*rooms):
        cards.setdefault(card.place_id, []).append(card)
    found: dict[Place, tuple[SchoolClass | None, Person, list[Asset]]] = {}
    without = []
    for place in rooms:
        if place.pk not in cards:
            continue
        school_class = classes.get(place.pk)
        keeper = _keeper(ctx, place, school_class)
        if keeper is None:
            without.append(place)
        else:
            found[place] = (school_class, keeper, cards[place.pk])
    return found, without


def _lacking(without: Sequence[Place]) -> str:
    if not without:
        return "选的地方没有在用的资产，或者这学期都开过了。"
    names = "、".join(str(place) for place in without[:10]) + (f"等 {len(without)} 间" if len(without) > 10 else "")
    return f"{names}没有班主任或分保管员，或者就是您本人，没有开：先到「班级」「场所」填上，本人保管的请别人来开。"


def _keeper(ctx: Ctx, place: Place, school_class: SchoolClass | None) -> Person | None:
    """Whoever answers: the class teacher, else the room's keeper; nobody hands a room to himself."""
    found = school_class.teacher if school_class else place.keeper
    return None if found == ctx.person else found


def _put(agreement: Agreement, keeper: Person, cards: Sequence[Asset]) -> None:
    """Who answers now, and a copy of what stands in the room now."""
    agreement.keeper = keeper
    agreement.head = None if agreement.place.keeper_id == keeper.pk else agreement.place.keeper
    agreement.cards, agreement.value = len(cards), sum((card.value for card in cards), Decimal(0))
    agreement.save()
    agreement.lines.all().delete()
    AgreementLine.objects.bulk_create(
        AgreementLine(school_id=agreement.school_id, agreement=agreement, asset=card, seq=seq, quantity=card.quantity, value=card.value)
        for seq, card in enumerate(cards, start=1)
    )  # fmt: skip


def may_change(agreement: Agreement) -> bool:
    return agreement.may_change


@action(Agreement, label="重新送签", permission=DRAW, icon="send", primary=True, available=may_change, refusal="{row} 已经送签了。")  # fmt: skip
def submit_agreement(ctx: Ctx, agreement: Agreement, *, signature: str = "", device: str = "") -> Agreement:
    """Send it again with what stands in the room now and whoever answers for it now."""
    _drawn_by(ctx, agreement)
    cards = list(standing(agreement.place_id))
    if not cards:
        raise Refused(f"{agreement.place} 现在没有在用的资产，请作废这份责任书。")
    keeper = _keeper(ctx, agreement.place, agreement.school_class)
    if keeper is None:
        raise Refused(_lacking([agreement.place]))
    agreement.pupils_ink, agreement.pupils_signed_on = "", None
    _put(agreement, keeper, cards)
    case = submitting.begin(ctx, agreement, signature=signature, device=device)
    ctx.journal(agreement, "agreement.submitted", route=case.route, cards=agreement.cards, content=case.hash, also=[(case, "case")])  # fmt: skip
    return agreement


@action(Agreement, label="作废", permission=DRAW, icon="ban", available=may_change, refusal="{row} 已经送签，要作废请先撤回。",
        confirm="作废后这份责任书不再办。")  # fmt: skip
def drop_agreement(ctx: Ctx, agreement: Agreement, *, reason: str = "") -> Agreement:
    """Give it up. The number stays used."""
    _drawn_by(ctx, agreement)
    submitting.close(ctx, agreement)
    agreement.state = DocumentState.DROPPED
    agreement.save(update_fields=["state"])
    ctx.journal(agreement, "agreement.dropped", detail={"原因": reason})
    return agreement


def _drawn_by(ctx: Ctx, agreement: Agreement) -> None:
    if ctx.person is None or agreement.applicant_id != ctx.person.pk:
        raise Forbidden(f"{agreement} 是 {agreement.applicant} 开的，只有开的人能重新送签或作废。")


def waits_for_pupils(agreement: Agreement) -> bool:
    return (
        agreement.state == DocumentState.RUNNING and agreement.school_class_id is not None and not agreement.pupils_ink
    )


@action(Agreement, label="学生代表签名", permission=KEEP, icon="edit", available=waits_for_pupils,
        refusal="{row} 现在不用学生代表签名：没有班级、已经签过，或者不在签。")  # fmt: skip
def sign_for_pupils(ctx: Ctx, agreement: Agreement, *, signature: str) -> Agreement:
    """A pupil signs on the class teacher's device. The strokes are kept, not who it was.

    :raises Forbidden: somebody else's class.
    """
    if ctx.person is None or agreement.keeper_id != ctx.person.pk:
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

Wrong = Mapping[int, tuple[str, Decimal | None, str]]
"""Card id → how it is wrong, how much of it (None: all), and a word about it."""


def answers_for(ctx: Ctx, place: Place) -> bool:
    """Whether this person may look the room through: it is his, or he may do so everywhere."""
    if "school" in ctx.spans(KEEP):
        return True
    if ctx.person is None or not ctx.may(KEEP):
        return False
    mine = Q(keeper=ctx.person) | Q(classes__teacher=ctx.person, classes__closed_on=None)
    agreed = Agreement.objects.in_force().filter(place=place).filter(Q(keeper=ctx.person) | Q(head=ctx.person))
    return bool(Place.objects.filter(mine, pk=place.pk).exists() or agreed.exists())


@create_action(RoomCheck, label="自查", permission=KEEP, icon="checks", hidden=True, narrows=True)
def check_room(ctx: Ctx, *, place: Place, wrong: Wrong, signature: str = "") -> RoomCheck:
    """Whoever answers for a room looked: all is there, but for what is named. It counts at once.

    :raises Forbidden: somebody else's room.
    :raises Refused: nothing stands in it, or a card is named that does not.
    """
    check = _look(ctx, place, Purpose.SELF, wrong)
    check.ink = signatures.clean(signature) if signature else ""
    check.state, check.ended_on = DocumentState.APPROVED, ctx.today
    check.save(update_fields=["ink", "state", "ended_on"])
    ctx.journal(check, "room.checked", **_said(check))
    return check


@create_action(RoomCheck, label="期末验收", permission=KEEP, icon="clipboard-check", hidden=True, narrows=True)
def accept_room(
    ctx: Ctx, *, place: Place, wrong: Wrong, signature: str = "", pupils: str = "", device: str = ""
) -> RoomCheck:
    """The end of the term: what is there and what is not, signed by pupils, whoever answers, the room's head and the office.

    :raises Refused: no agreement is in force, or a pupil has not signed for the class.
    """
    agreement = agreement_of(place)
    if agreement is None:
        raise Refused(f"{place} 没有生效的责任书，不用验收；平时点数请用「自查」。")
    if agreement.checks.filter(purpose=Purpose.ACCEPT, state__in=LIVE).exists():
        raise Refused(f"{place} 的期末验收已经在办了。")
    check = _look(ctx, place, Purpose.ACCEPT, wrong, agreement)
    if agreement.school_class_id is not None:
        check.pupils_ink = _inked(pupils)
        check.save(update_fields=["pupils_ink"])
    case = submitting.begin(ctx, check, signature=signature, device=device)
    ctx.journal(check, "room.accepting", route=case.route, content=case.hash, **_said(check, (case, "case"), (agreement, "agreement")))  # fmt: skip
    return check


def _said(check: RoomCheck, *more: tuple[Any, str]) -> dict[str, Any]:
    cards = [(finding.asset, "found_wrong") for finding in check.findings.select_related("asset")]
    return {"cards": check.cards, "wrong": check.wrong, "also": [(check.place, "place"), *cards, *more]}


def _look(ctx: Ctx, place: Place, purpose: str, wrong: Wrong, agreement: Agreement | None = None) -> RoomCheck:
    if ctx.person is None:
        raise Refused("要由人来点。")
    if not answers_for(ctx, place):
        raise Forbidden(f"{place} 不归您管，请 {place.keeper or '班主任或总务处'} 来点。")
    cards = {card.pk: card for card in standing(place).select_for_update(of=("self",))}
    if not cards:
        raise Refused(f"{place} 账上没有在用的资产。")
    problems = _problems(cards, wrong)
    if problems:
        raise Refused(*problems)
    agreement = agreement or agreement_of(place)
    check: RoomCheck = RoomCheck.objects.create(
        school=ctx.school, number=numbering.take(ctx.school.pk, "ZC-DS", ctx.today.year)[0],
        title=f"{place} {Purpose(purpose).label}" + (f"，{len(wrong)} 处不对" if wrong else "，都在"), applicant=ctx.person, applied_on=ctx.today,
        purpose=purpose, place=place, agreement=agreement, keeper=agreement.keeper if agreement else None, head=agreement.head if agreement else None,
        cards=len(cards), wrong=len(wrong),
    )  # fmt: skip
    Finding.objects.bulk_create(
        Finding(school=ctx.school, check_of=check, asset=cards[pk], how=how, quantity=cards[pk].quantity if many is None else many, note=note[:100], found_on=ctx.today)
        for pk, (how, many, note) in wrong.items()
    )  # fmt: skip
    return check


def _problems(cards: Mapping[int, Asset], wrong: Wrong) -> Iterable[str]:
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
    return finding.settled_on is None


@action(Finding, label="办完", permission="assets.settle_finding", icon="check", primary=True, available=unsettled, refusal="{row} 已经办完了。")  # fmt: skip
def settle_finding(ctx: Ctx, finding: Finding, *, outcome: str) -> Finding:
    """What became of it: found again, moved in the register, repaired, reported as damage."""
    finding.settled_on, finding.outcome = ctx.today, outcome
    finding.save(update_fields=["settled_on", "outcome"])
    ctx.journal(finding, "finding.settled", on=ctx.today, also=[(finding.asset, "asset")], detail={"结果": outcome})
    return finding
