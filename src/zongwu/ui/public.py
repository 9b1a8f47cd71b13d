"""Pages outside any school: the printed code, the invitation, the choice between schools."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from allauth.core import ratelimit
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from zongwu.kernel import clock, codes, memberships, refs, scope
from zongwu.kernel.accounts import Membership
from zongwu.kernel.approvals.models import Case
from zongwu.kernel.approvals.queries import signed_by
from zongwu.kernel.codes import PublicCode
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Missing, Refused
from zongwu.ui import addresses
from zongwu.ui.case_forms import PhotoField
from zongwu.ui.forms import JoinForm

YEAR = 365 * 86400
LANDINGS: dict[str, Callable[[Ctx, int], str]] = {}
"""Kind → the page on which somebody who stands before its code wants to land, where that is not its own; empty for its own."""


class Stand(NamedTuple):
    """Where somebody stands who reads a plate: before a room, a thing or a point."""

    place: Any
    spot: str = ""
    thing: Any = None


class PlateForm(forms.Form):
    """Nothing is asked that the plate or the picture does not say already, but for one sentence."""

    what = forms.CharField(max_length=200, required=False)
    spot = forms.CharField(max_length=40, required=False)
    phone = forms.RegexField(
        r"^(?=.*\d)[0-9+ -]{3,20}$", required=False, error_messages={"invalid": "电话只写数字，或者空着。"}
    )
    photo = PhotoField()


STANDS: dict[str, Callable[[int], Stand | None]] = {}
"""Kind → where the plate of such a row hangs; None where it is not in use any more."""
OFFERED: list[tuple[str, Callable[[Stand], dict[str, Any]]]] = []
"""(template, what it is given): what a domain lets somebody without a login do before any plate."""


def plate(code: str) -> tuple[PublicCode, Stand]:
    """A printed code that hangs somewhere, for a page without a login; the caller works inside `scope.active(code.school)`.

    :raises Missing: no such plate, a revoked one, or one on something that is not in use.
    """
    with scope.all_schools("a plate is read before anybody's school is known"):
        found = PublicCode.objects.filter(code=code.upper(), revoked_on=None).select_related("school").first()
    if found is None or found.object_kind not in STANDS:
        raise Missing("没有这个码，或者已经作废。请看看是不是抄错了。")
    with scope.active(found.school):
        stand = STANDS[found.object_kind](found.object_id)
    if stand is None or stand.place is None:
        raise Missing("这张码所在的地方已经停用，请直接告诉总务处。")
    return found, stand


def kept_back(request: HttpRequest) -> bool:
    """Whether this address has sent more without a login than people do; asked before a photograph is opened."""
    return not ratelimit.consume(request, action="report")


TOO_MANY = "这个网络刚才报得太多了，请十分钟以后再报；漏水、漏电、会伤人的急事请直接打电话给总务处。"


@login_required
def schools(request: HttpRequest) -> HttpResponse:
    """`/`: into the only school, or the choice between several."""
    with scope.all_schools("an account may belong to several schools"):
        held = Membership.objects.filter(account_id=request.user.pk, disabled_at=None, person__left_on=None)
        mine = list(held.select_related("school", "person").order_by("school__name"))
    if len(mine) == 1:
        return redirect("home", mine[0].school.code)
    return render(request, "ui/schools.html", {"mine": mine})


def enter(request: HttpRequest) -> HttpResponse:
    """`/p`: the eight characters beside a code, for those who cannot scan; however they are written."""
    said = request.GET.get("code", "")
    code = re.sub(r"[^0-9A-Z]", "", said.upper())
    if len(code) == codes.LENGTH:
        return redirect("label", code)
    problem = "码是 8 个字母和数字，印在二维码旁边。" if said else ""
    return render(request, "ui/enter.html", {"said": said[:20], "problem": problem}, status=422 if problem else 200)


def label(request: HttpRequest, code: str) -> HttpResponse:
    """A printed code: who asks decides what he sees. Nothing about people to anybody who is not of the school."""
    with scope.all_schools("a label is read before anybody's school is known"):
        found: PublicCode | None = PublicCode.objects.filter(code=code.upper()).select_related("school").first()
        held = _membership(request, found)
    if found is None:
        raise Missing("没有这个码。请看看是不是抄错了，字母里没有 I、L、O，数字里没有 0、1。")
    if found.revoked_on is not None:
        return render(request, "ui/label.html", {"school": found.school, "revoked": True}, status=410)
    model = refs.kinds().get(found.object_kind)
    if held is not None and model is not None:
        with scope.active(found.school):
            ctx = Ctx.member(held)
            visible = model.objects.visible_to(ctx).filter(pk=found.object_id).exists()
            land = LANDINGS.get(found.object_kind)
            url = land(ctx, found.object_id) if land and visible else ""
            url = url or (addresses.ref_url(found.school, f"{found.object_kind}:{found.object_id}") if visible else "")
        if url:
            return HttpResponseRedirect(url)
    if found.object_kind == Case.kind:
        return _verified(request, found)
    what = str(model._meta.verbose_name) if model is not None else "物品"
    given = {"school": found.school, "what": what, "member": held is not None, "code": found.code}
    if found.object_kind in STANDS:
        with scope.active(found.school):
            stand = STANDS[found.object_kind](found.object_id)
            if stand is not None and stand.place is not None:
                given |= {"stand": stand, "offers": [(template, offered(stand)) for template, offered in OFFERED]}
    return render(request, "ui/label.html", given)


def _verified(request: HttpRequest, found: PublicCode) -> HttpResponse:
    """What a printed approval slip can be held against: number, stages and days, and the digest. No names."""
    with scope.active(found.school):
        case = Case.objects.select_related("route").get(pk=found.object_id)
        passed = {one.stage_id: one for one in signed_by(case) if one.stage_id}
        stages = [
            (stage.name, stage.get_mode_display(), passed.get(stage.pk)) for stage in case.route.stages.order_by("seq")
        ]
        given = {"school": found.school, "case": case, "stages": [one for one in stages if one[2]], "code": found.code}
        return render(request, "ui/verified.html", given)


def _membership(request: HttpRequest, found: PublicCode | None) -> Membership | None:
    if found is None or not request.user.is_authenticated:
        return None
    held = Membership.objects.filter(account_id=request.user.pk, school=found.school, disabled_at=None)
    mine: Membership | None = held.filter(person__left_on=None).select_related("school", "person").first()
    return mine


def join(request: HttpRequest, token: str) -> HttpResponse:
    """An invitation: choose a name and a password, once."""
    with scope.all_schools("the token names the school"):
        invitation = memberships.find_invitation(token, clock.now())
        held = Membership.objects.filter(person=invitation.person).select_related("account").first()
    form = JoinForm(request.POST or None)
    if held is not None:
        form.fields["username"].required = False
        form.fields["username"].disabled = True
        form.fields["username"].initial = held.account.username
    given: dict[str, Any] = {"invitation": invitation, "form": form, "held": held, "problems": []}
    if request.method == "POST" and form.is_valid():
        try:
            memberships.accept_invitation(
                Ctx.system("join", invitation.school), token=token, username=form.cleaned_data["username"],
                password=form.cleaned_data["password"],
            )  # fmt: skip
        except Refused as no:
            given["problems"] = [problem for problem in no.problems if problem not in no.fields.values()]
            for name, sentence in no.fields.items():
                form.add_error(name, sentence)
            return render(request, "ui/join.html", given, status=409)
        messages.success(request, "账号已经可以用了，请登录。")
        return redirect("account_login")
    return render(request, "ui/join.html", given, status=422 if form.errors else 200)


def look(request: HttpRequest) -> HttpResponse:
    """POST keeps the look of this device: 浅色, 深色, 跟随系统; 大字版 or not. A cookie, since it is the device's."""
    back = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    response = HttpResponseRedirect(back if safe else "/")
    for name, allowed in (("theme", ("light", "dark", "auto")), ("elder", ("0", "1"))):
        chosen = request.POST.get(name, "")
        if chosen in allowed:
            response.set_cookie(name, chosen, max_age=YEAR, samesite="Lax", secure=request.is_secure())
    return response
