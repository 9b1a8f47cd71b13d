"""A room's own page on a phone: what should stand there, 「都在」 or what is wrong, and at the end of the term the acceptance."""

from __future__ import annotations

import secrets
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse

from zongwu.assets import actions, custody, forms
from zongwu.assets.actions.custody import KEEP, Wrong
from zongwu.assets.models import AT_HAND, Asset, Finding, RoomCheck
from zongwu.kernel.amounts import plain_quantity
from zongwu.kernel.approvals.models import DocumentState
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Forbidden, Missing, Refused
from zongwu.school.models import Place, SchoolClass
from zongwu.ui import addresses, public
from zongwu.ui.approving import device_of
from zongwu.ui.choices import numbers
from zongwu.ui.field import done, keyed, queued, refused
from zongwu.ui.forms import meet
from zongwu.ui.request import SchoolRequest, page
from zongwu.ui.scan import quantity_of

ACCEPT = RoomCheck.Purpose.ACCEPT


def _place(ctx: Ctx, pk: int) -> Place:
    found: Place | None = Place.objects.visible_to(ctx).filter(pk=pk).select_related("keeper").first()
    if found is None:
        raise Missing("没有这间房，可能不归您看。")
    return found


@page("school.read_place")
def room(request: SchoolRequest, ctx: Ctx, pk: int) -> HttpResponse:
    """GET what should stand in the room; POST that all of it is there, but for what is marked."""
    place = _place(ctx, pk)
    if request.method == "POST":  # a phone's queue is answered also where he may not: a 403 would stop it
        return _checked(request, ctx, place)
    if not custody.answers_for(ctx, place):
        raise Forbidden(f"{place} 不归您管，不用您点。")
    return TemplateResponse(request, "assets/room.html", _given(ctx, place, request.GET))


class _Card(NamedTuple):
    """A card as the page shows it, with what was marked before a refusal."""

    card: Asset
    quantity: str
    how: str
    many: str
    note: str


def _given(ctx: Ctx, place: Place, said: QueryDict) -> dict[str, Any]:
    agreement = custody.agreement_of(place)
    accepting = agreement is not None and said.get("for") == ACCEPT
    away = Asset.objects.on_books().filter(place=place).exclude(state__in=AT_HAND).order_by("number")
    checks = RoomCheck.objects.filter(place=place, state=DocumentState.APPROVED).order_by("-id")
    cards = [
        _Card(
            card,
            plain_quantity(card.quantity),
            *(said.get(f"{name}-{card.pk}", "") for name in ("how", "many", "note")),
        )
        for card in custody.standing(place)
    ]
    signs = forms.RoomSigns(initial={name: said.get(name, "") for name in ("pupils", "signature")})
    meet(signs, ctx, agreement is not None and accepting and custody.pupils_sign(agreement))
    return {
        "place": place, "school_class": SchoolClass.objects.open().filter(room=place).select_related("teacher").first(), "agreement": agreement,
        "accepting": accepting, "cards": cards, "away": away[:20], "last": checks.first(), "hows": Finding.How.choices, "key": secrets.token_urlsafe(16),
        "signs": signs, "due": agreement and agreement.until_on <= ctx.today,
        "back": addresses.url_of(ctx.school, place),
    }  # fmt: skip


def _checked(request: SchoolRequest, ctx: Ctx, place: Place) -> HttpResponse:
    """One room from the queue of a phone is answered as JSON, one from a plain form with the check's page; a refusal is the
    page again with all that was marked."""
    sent, said = keyed(request, ctx), request.POST
    try:
        wrong, shown = _wrong(said), numbers(said["shown"]) if "shown" in said else None
        if said.get("for") == ACCEPT:
            check = actions.accept_room(
                sent, place=place, wrong=wrong, shown=shown, signature=said.get("signature", ""), pupils=said.get("pupils", ""), device=device_of(request),
            )  # fmt: skip
        else:
            check = actions.check_room(sent, place=place, wrong=wrong, shown=shown, signature=said.get("signature", ""))
    except (Refused, Forbidden) as no:
        if queued(request):
            return refused(no)
        if not custody.answers_for(ctx, place):
            raise
        given = _given(ctx, place, said) | {"problems": getattr(no, "problems", [str(no)])}
        return TemplateResponse(request, "assets/room.html", given, status=409)
    words = f"{check.cards - check.wrong} 项都在" + (f"，{check.wrong} 项不对，已告诉总务处" if check.wrong else "")
    url = addresses.url_of(ctx.school, check)
    if queued(request):
        return done(words, name=str(place), url=url)
    messages.success(request, f"{place}：{words}")
    return HttpResponseRedirect(url)


def _wrong(said: QueryDict) -> dict[int, Wrong]:
    """The cards that were marked: how, how many, and a word about each."""
    found = {}
    for name, how in said.items():
        pk = name.removeprefix("how-")
        if name != pk and pk.isdecimal() and len(pk) < 19 and how:
            found[int(pk)] = Wrong(str(how), quantity_of(said.get(f"many-{pk}", "")), said.get(f"note-{pk}", ""))
    return found


def _landing(ctx: Ctx, pk: int) -> str:
    """Whoever answers for the room begins to look it through."""
    place = Place.objects.filter(pk=pk).first()
    return (
        reverse("assets:room", args=[ctx.school.code, pk])
        if place and ctx.may(KEEP) and custody.answers_for(ctx, place)
        else ""
    )


public.LANDINGS[Place.kind] = _landing
