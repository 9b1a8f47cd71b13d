"""Repairs without a login: six pictures under a door's plate, one sentence if one likes, and a private link that tells how it goes."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from zongwu.kernel import clock, scope
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Missing, NeedsConfirmation, Refused
from zongwu.kernel.scope import School
from zongwu.repairs import actions, queries
from zongwu.repairs.models import Fault, State, Ticket, When
from zongwu.school.settings import PHONE
from zongwu.ui import public
from zongwu.ui.public import Stand

ICONS = {"light": "bulb", "water": "droplet", "door": "door", "desk": "armchair", "media": "device-tv", "other": "dots"}
FAULTS = [(value, label, ICONS[value]) for value, label in Fault.choices]


class PlateForm(public.PlateForm):
    urgent = forms.BooleanField(required=False)
    when = forms.ChoiceField(choices=[("", ""), *When.choices], required=False)


def report(request: HttpRequest, code: str) -> HttpResponse:
    """GET asks what is broken here; POST reports it and leads to the private link."""
    plate, stand = public.plate(code)
    with scope.active(plate.school):
        given: dict[str, Any] = {
            "school": plate.school, "code": plate.code, "stand": stand, "faults": FAULTS, "whens": When.choices, "key": secrets.token_urlsafe(16), "said": request.POST,
            "phone": PHONE.text(clock.today()),
        }  # fmt: skip
        fault = request.POST.get("fault") or request.GET.get("fault", "")
        given["fault"] = next((one for one in FAULTS if one[0] == fault), None)
        if request.method != "POST":
            return render(request, "repairs/plate.html", given)
        return _reported(request, plate.school, stand, fault, given)


def _reported(request: HttpRequest, school: School, stand: Stand, fault: str, given: dict[str, Any]) -> HttpResponse:
    given["key"] = request.POST.get("key", "")[:60] or given["key"]
    if given["fault"] is None:
        return render(request, "repairs/plate.html", given | {"problems": ["请点一下是什么坏了。"]}, status=422)
    if public.kept_back(request):
        given["problems"] = [public.TOO_MANY]
        return render(request, "repairs/plate.html", given, status=429)
    form = PlateForm(request.POST, request.FILES)
    given["form"] = form
    if not form.is_valid():
        return render(request, "repairs/plate.html", given, status=422)
    ctx = Ctx.system("plate", school).keyed(given["key"])
    same = queries.same(ctx, stand.place, fault)
    try:
        if same is not None and request.POST.get("same") == str(same.pk):  # the one that was shown, at this very place
            return _led(queries.watch_of(actions.join_report(ctx, same)))
        another = bool(request.POST.get("another"))
        ticket = actions.report_fault(
            ctx,
            place=stand.place,
            fault=fault,
            asset=stand.thing,
            via=Ticket.Via.PLATE,
            confirmed=another,
            **form.cleaned_data | {"spot": form.cleaned_data["spot"] or stand.spot},
        )
    except NeedsConfirmation:
        kept = [
            (name, request.POST[name]) for name in ("what", "spot", "phone", "urgent", "when") if request.POST.get(name)
        ]
        given |= {"same": same, "kept": kept, "key": secrets.token_urlsafe(16), "pictured": bool(request.FILES)}
        return render(request, "repairs/plate.html", given, status=409)
    except Refused as no:
        return render(request, "repairs/plate.html", given | {"problems": no.problems}, status=409)
    return _led(queries.progress_of(ticket))


def _led(token: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("repair-progress", args=[token]))


def progress(request: HttpRequest, token: str) -> HttpResponse:
    """How it goes, for whoever has the link: no names, no telephone. Once it is mended, whoever reported it says whether it is."""
    pk, answers = queries.by_progress(token) or (0, False)
    with scope.all_schools("the link names the repair"):
        ticket: Ticket | None = Ticket.objects.filter(pk=pk).select_related("school", "place").first() if pk else None
    if ticket is None:
        raise Missing("没有这条报修，链接可能没有复制完整。")
    with scope.active(ticket.school):
        given: dict[str, Any] = {"school": ticket.school, "ticket": ticket, "answers": answers, "key": secrets.token_urlsafe(16), "problems": []}  # fmt: skip
        if request.method == "POST" and answers:
            ctx = Ctx.system("plate", ticket.school).keyed(request.POST.get("key", "")[:60])
            try:
                _answered(ctx, ticket, request)
                return HttpResponseRedirect(request.path)
            except Refused as no:
                given["problems"] = no.problems
        given |= {"steps": _steps(ticket), "many": ticket.echoes.count() + 1}
        return render(request, "repairs/progress.html", given, status=409 if given["problems"] else 200)


def _answered(ctx: Ctx, ticket: Ticket, request: HttpRequest) -> None:
    said = request.POST.get("said", "").strip()[:100]
    if request.POST.get("answer") == "no":
        actions.reopen_ticket(ctx, ticket, said=said)
    elif request.POST.get("answer") == "yes":
        stars = request.POST.get("stars", "")
        actions.confirm_ticket(ctx, ticket, stars=int(stars) if stars in ("1", "2", "3", "4", "5") else None, said=said)


def _steps(ticket: Ticket) -> list[tuple[str, Any, bool]]:
    """(what, when, whether it is so far): the way that every repair takes."""
    steps = [
        ("报修", ticket.reported_at), ("派工", ticket.given_at), ("接单", ticket.taken_at), ("到场", ticket.here_at), ("修好", ticket.done_at), ("办结", ticket.closed_at),
    ]  # fmt: skip
    over = ticket.state in (State.CLOSED, State.DONE)
    return [(word, at, at is not None or (over and word != "办结")) for word, at in steps]


public.OFFERED.append(("repairs/_plate.html", lambda stand: {"faults": FAULTS}))
