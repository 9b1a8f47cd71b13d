"""Hazards without a login: what is dangerous here, one press, and a private link that tells how it goes."""

from __future__ import annotations

import secrets
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from zongwu.kernel import clock, scope
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Missing, NeedsConfirmation, Refused
from zongwu.safety import actions, queries
from zongwu.safety.models import Field, Hazard, Source, State
from zongwu.school.settings import PHONE
from zongwu.ui import public

KINDS = [
    (Field.FIRE, "消防", "flame"), (Field.UTILITY, "水电气", "plug-connected"), (Field.BUILDING, "楼梯墙栏", "building"),
    (Field.FOOD, "食品", "soup"), (Field.CROWD, "拥挤", "users"), (Field.OTHER, "别的", "alert-triangle"),
]  # fmt: skip
"""What a picture on the page stands for: words of somebody who does not know the fields of the guide."""


def report(request: HttpRequest, code: str) -> HttpResponse:
    """GET asks what is dangerous here; POST enters it and leads to the private link."""
    plate, stand = public.plate(code)
    with scope.active(plate.school):
        field = request.POST.get("field") or request.GET.get("field", "")
        given: dict[str, Any] = {
            "school": plate.school, "code": plate.code, "stand": stand, "kinds": KINDS, "key": secrets.token_urlsafe(16), "said": request.POST,
            "chosen": next((one for one in KINDS if one[0] == field), None), "phone": PHONE.text(clock.today()),
        }  # fmt: skip
        if request.method != "POST":
            return render(request, "safety/plate.html", given)
        given["key"] = request.POST.get("key", "")[:60] or given["key"]
        if given["chosen"] is None:
            return render(request, "safety/plate.html", given | {"problems": ["请点一下是哪种危险。"]}, status=422)
        if public.kept_back(request):
            return render(request, "safety/plate.html", given | {"problems": [public.TOO_MANY]}, status=429)
        form = public.PlateForm(request.POST, request.FILES)
        if not form.is_valid():
            problems = [error for errors in form.errors.values() for error in errors]
            return render(request, "safety/plate.html", given | {"problems": problems}, status=422)
        return _entered(request, Ctx.system("plate", plate.school).keyed(given["key"]), stand, form.cleaned_data, given)


def _entered(
    request: HttpRequest, ctx: Ctx, stand: public.Stand, said: dict[str, Any], given: dict[str, Any]
) -> HttpResponse:
    field, label, _ = given["chosen"]
    said |= {"what": said["what"] or f"{label}，没有写明", "spot": said["spot"] or stand.spot}
    try:
        hazard = actions.report_hazard(ctx, place=stand.place, field=field, source=Source.PUBLIC, **said)
    except NeedsConfirmation:  # known already: what he says and shows stands beside it, and nothing is entered twice
        known = queries.same(stand.place, field, said["spot"])
        if known is not None:
            words = request.POST.get("what", "").strip()[:200]
            actions.see_hazard(ctx.keyed(f"{ctx.key}+"), known, what=words, photo=said["photo"])
        return render(request, "safety/plate.html", given | {"known": known}, status=409)
    except Refused as no:
        return render(request, "safety/plate.html", given | {"problems": no.problems}, status=409)
    return HttpResponseRedirect(reverse("hazard-progress", args=[queries.progress_of(hazard)]))


def progress(request: HttpRequest, token: str) -> HttpResponse:
    """How it goes, for whoever has the link: no names, no telephone, no say in whether it is gone."""
    pk = queries.by_progress(token)
    with scope.all_schools("the link names the hazard"):
        hazard = Hazard.objects.filter(pk=pk).select_related("school", "place").first() if pk else None
    if hazard is None:
        raise Missing("没有这条隐患，链接可能没有复制完整。")
    with scope.active(hazard.school):
        done = {State.NEW: 1, State.OPEN: 2, State.DOING: 2, State.FIXED: 3, State.CLOSED: 5, State.VOID: 1}[
            State(hazard.state)
        ]
        words = (
            ("报告", hazard.found_on),
            ("定人整改", hazard.set_on),
            ("整改好了", hazard.fixed_on),
            ("别人复查", hazard.closed_on),
            ("销号", hazard.closed_on),
        )
        steps = [(word, on if done > n else None, done > n) for n, (word, on) in enumerate(words)]
        return render(request, "safety/progress.html", {"school": hazard.school, "hazard": hazard, "steps": steps})


public.OFFERED.append(("safety/_plate.html", lambda stand: {"kinds": KINDS}))
