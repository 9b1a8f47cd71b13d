"""The dispatcher's board (`look/board`): what waits, who has what, what is put off, what has to be confirmed."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse

from zongwu.kernel.accounts import Person
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Missing, Refused
from zongwu.repairs import actions, queries, rules
from zongwu.repairs.models import IN_HAND, Echo, Fault, State, Ticket
from zongwu.school.models import Place
from zongwu.ui.request import SchoolRequest, page

MOST = 25
"""Cards of one lane, the worst first, and what one press gives out; the list has the rest."""
LANES = (
    ("待派", "info", (State.NEW,), "waiting=new"), ("处理中", "doing", IN_HAND, "waiting=open"), ("挂起", "warn", (State.HELD,), "state=held"),
    ("待确认", "info", (State.DONE,), "state=done"),
)  # fmt: skip


@dataclass
class Card:
    """One repair on the board."""

    ticket: Ticket
    late: str
    suggested: Person | None = None
    echoes: int = 0


@dataclass
class Lane:
    """One column, with how many there are and the first of them."""

    label: str
    tone: str
    count: int
    opens: str
    cards: list[Card] = field(default_factory=list)

    @property
    def more(self) -> int:
        return self.count - len(self.cards)


@dataclass
class Hand:
    """Somebody who mends, with what he has."""

    person: Person
    held: int
    late: int

    @property
    def pips(self) -> list[str]:
        """Six marks: what is late, what is in hand, what is free."""
        return (["hot"] * min(self.late, 6) + ["on"] * max(0, self.held - self.late) + [""] * 6)[:6]


@page(actions.DISPATCH)
def board(request: SchoolRequest, ctx: Ctx) -> HttpResponse:
    """GET the board, of one building or kind if that is chosen; POST gives out one repair, or all as the table of duties says."""
    chosen = {name: request.GET[name] for name in ("area", "fault") if request.GET.get(name)}
    rows = _narrowed(ctx, chosen)
    if request.method == "POST":
        _given(request, ctx, rows)
        return HttpResponseRedirect(f"{request.path}?{urlencode(chosen)}" if chosen else request.path)
    posts = queries.posts()
    lanes = _lanes(ctx, rows, posts)
    buildings = Place.objects.open().filter(level__in=("building", "ground")).order_by("path")
    given = {
        "lanes": lanes, "crew": _crew(ctx, posts), "suggested": sum(card.suggested is not None for card in lanes[0].cards), "key": secrets.token_urlsafe(12),
        "overdue": rows.overdue(ctx.today).count(), "urgent": rows.open().filter(urgent=True).count(), "buildings": buildings, "faults": Fault.choices, "chosen": chosen,
    }  # fmt: skip
    return TemplateResponse(request, "repairs/board.html", given)


def _narrowed(ctx: Ctx, chosen: dict[str, str]) -> Any:
    rows = Ticket.objects.visible_to(ctx)
    if chosen.get("fault") in Fault.values:
        rows = rows.filter(fault=chosen["fault"])
    if (area := chosen.get("area", "")).isdecimal() and len(area) < 19:
        place = Place.objects.filter(pk=int(area)).first()
        rows = rows.filter(place__in=Place.objects.all().under(place).values("pk")) if place else rows.none()
    return rows


def _lanes(ctx: Ctx, rows: Any, posts: Sequence[rules.Post]) -> list[Lane]:
    """Counts in one query, then the first cards of each lane."""
    counts = dict(rows.order_by().values_list("state").annotate(n=Count("pk")))
    lanes = []
    for label, tone, states, opens in LANES:
        lane = Lane(label, tone, sum(counts.get(state, 0) for state in states), opens)
        found = rows.filter(state__in=states).select_related("place", "worker", "supplier")
        for ticket in found.order_by("-urgent", "due_on", "id")[:MOST] if lane.count else ():
            lane.cards.append(Card(ticket, late(ctx, ticket)))
        lanes.append(lane)
    shown = {card.ticket.pk: card for lane in lanes for card in lane.cards}
    joined = Echo.objects.filter(ticket__in=list(shown)).order_by().values_list("ticket").annotate(n=Count("pk"))
    for pk, many in joined:
        shown[pk].echoes = many
    wanted = {card.ticket.pk: rules.whose(posts, card.ticket.fault, card.ticket.place.path) for card in lanes[0].cards}
    people = Person.objects.in_bulk([pk for pk in wanted.values() if pk])
    for card in lanes[0].cards:
        card.suggested = people.get(wanted[card.ticket.pk] or 0)
    return lanes


def late(ctx: Ctx, ticket: Ticket) -> str:
    """What makes it press, in words; empty where nothing does."""
    if not ticket.is_open or (ticket.state == State.HELD and ticket.held_until and ticket.held_until >= ctx.today):
        return ""
    days, hours = (ctx.today - ticket.due_on).days, int((ctx.now - ticket.reported_at).total_seconds() // 3600)
    if ticket.urgent:
        return f"紧急，已经 {hours} 小时" if hours else "紧急"
    return f"逾期 {days} 天" if days > 0 else ""


def _crew(ctx: Ctx, posts: Sequence[rules.Post]) -> Sequence[Hand]:
    """Everybody who is in the table of duties or has something in hand, the busiest first."""
    held, past = (
        dict(rows.filter(worker__isnull=False).order_by().values_list("worker").annotate(n=Count("pk")))
        for rows in (Ticket.objects.open(), Ticket.objects.overdue(ctx.today))
    )
    people = Person.objects.filter(left_on=None, pk__in=[*held, *(post.worker for post in posts)])
    found = [Hand(person, held.get(person.pk, 0), past.get(person.pk, 0)) for person in people]
    return sorted(found, key=lambda hand: (-hand.held, hand.person.pinyin))[:8]


def _given(request: SchoolRequest, ctx: Ctx, rows: Any) -> None:
    """One repair to whom the button names, or each that waits to whom the table of duties names."""
    key, pk = request.POST.get("key", "")[:40], request.POST.get("pk", "")
    waiting = rows.waiting().select_related("place")
    tickets = (
        list(waiting.order_by("-urgent", "due_on", "id")[:MOST])
        if request.POST.get("all")
        else list(waiting.filter(pk=int(pk)))
        if pk.isdecimal() and len(pk) < 19
        else []
    )
    posts, done = queries.posts(), 0
    for ticket in tickets:
        worker = rules.whose(posts, ticket.fault, ticket.place.path)
        if worker is None:
            continue
        try:
            actions.give_ticket(ctx.keyed(f"{key}-{ticket.pk}"), ticket.pk, worker=Person.objects.get(pk=worker))
            done += 1
        except (Refused, Missing) as no:
            messages.error(request, str(no) or "这张单子刚刚被别人办了。")
    if done:
        messages.success(request, f"已派工 {done} 件")
    elif not tickets:
        messages.error(request, "已经派过了，或者没有分工可照，请点开选人。")
