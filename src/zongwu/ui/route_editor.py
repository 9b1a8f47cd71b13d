"""The route editor: one page, one row a stage. Saving makes the next version; what is under way keeps its own."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse

from zongwu.kernel.accounts import Person, Role
from zongwu.kernel.approvals import conditions, editing
from zongwu.kernel.approvals.matters import MATTERS, Matter, StageDraft
from zongwu.kernel.approvals.prescribed import EDIT, Duty, Mode, Route, Signer
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Missing, Refused
from zongwu.ui import addresses
from zongwu.ui.request import SchoolRequest, page

SPARE = 1
"""So many empty rows stand at the end; saving or 再加一步 brings more."""


def _amount() -> forms.DecimalField:
    return forms.DecimalField(
        label="数额", required=False, min_value=0, max_digits=15, decimal_places=2, help_text="只有比大小的条件要填"
    )


class ConditionFields(forms.Form):
    """As many conditions as `conditions.MOST`: what each says is chosen whole, only an amount is typed."""

    when = forms.ChoiceField(label="什么时候走", required=False)
    value = _amount()
    also = forms.ChoiceField(label="并且", required=False)
    also_value = _amount()

    PAIRS = (("when", "value"), ("also", "also_value"))

    def offer(self, matter: Matter) -> None:
        found = []
        for name, ask in matter.asks.items():
            if ask.sort == "amount":
                found += [(f"{name} {op}", f"{ask.label}{words}") for op, words in (("ge", "达到"), ("lt", "不到"))]
            else:
                every = [{"ask": name, "op": "is", "value": value} for value in conditions.values_of(ask)]
                found += [(f"{name} is {one['value']}", conditions.spoken([one], matter.asks)) for one in every]
        for (name, _), nothing in zip(self.PAIRS, ("都走", "没有别的条件"), strict=True):
            self.fields[name].choices = [("", nothing), *found]  # type: ignore[attr-defined]

    def condition(self) -> list[dict[str, str]]:
        found = []
        for when, amount in self.PAIRS:
            ask, op, value = [*self.cleaned_data[when].split(" "), "", ""][:3]
            typed = self.cleaned_data[amount]
            if ask:
                found.append({"ask": ask, "op": op, "value": value or ("" if typed is None else f"{typed:f}")})
        return found

    @classmethod
    def begun(cls, stored: Sequence[dict[str, str]]) -> dict[str, Any]:
        """What stored conditions look like in these fields."""
        found = {}
        for (when, amount), one in zip(cls.PAIRS, stored, strict=False):
            compares = one["op"] in ("ge", "lt")
            found[when] = f"{one['ask']} {one['op']}" if compares else f"{one['ask']} {one['op']} {one['value']}"
            found[amount] = one["value"] if compares else ""
        return found


class RouteForm(ConditionFields):
    name = forms.CharField(label="路线名称", max_length=40)
    rank = forms.IntegerField(
        label="先后",
        min_value=1,
        max_value=999,
        initial=50,
        help_text="同一事项有几条路线时，数小的先看条件，合条件就走它",
    )
    source = forms.CharField(label="依据", max_length=120, required=False, help_text="哪份文件哪一条，或学校的哪次会议")
    field_order = ["name", "rank", "source", "when", "value", "also", "also_value"]


class StageForm(ConditionFields):
    seq = forms.IntegerField(label="顺序", min_value=1, max_value=99, required=False)
    name = forms.CharField(label="步骤", max_length=20, required=False)
    mode = forms.ChoiceField(label="方式", choices=Mode.choices, required=False)
    duty = forms.ChoiceField(label="职责", choices=Duty.choices, required=False)
    who = forms.MultipleChoiceField(label="谁", required=False)
    days = forms.IntegerField(label="限几天", min_value=1, max_value=365, required=False)
    signed = forms.BooleanField(label="手写签名", required=False)
    joint = forms.BooleanField(label="发起人提交就算签过", required=False)

    def draft(self) -> StageDraft:
        data = self.cleaned_data
        return StageDraft(
            data["name"].strip(), Mode(data["mode"]), Duty(data["duty"]), data["who"], self.condition(), data["joint"], data["signed"], data["days"]
        )  # fmt: skip

    @property
    def used(self) -> bool:
        return bool(self.cleaned_data.get("name", "").strip() or self.cleaned_data.get("who"))


def _choices(matter: Matter) -> list[tuple[str, list[tuple[str, str]]]]:
    """Whom a stage may ask: roles, parties of the document, people."""
    roles = [(f"role:{role.pk}", role.name) for role in Role.objects.filter(closed_on=None).order_by("id")]
    parties = [(f"party:{name}", party.label) for name, party in matter.parties.items()]
    people = [(f"person:{one.pk}", one.name) for one in Person.objects.present().order_by("pinyin")]
    return [("岗位", roles), *([("单子上写的", parties)] if parties else []), ("指定的人", people)]


def _initial(route: Route) -> list[dict[str, Any]]:
    found = []
    signers: dict[int, list[str]] = {}
    for one in Signer.objects.filter(stage__route=route).order_by("id"):
        named = (
            f"role:{one.role_id}"
            if one.role_id
            else f"person:{one.person_id}"
            if one.person_id
            else f"party:{one.party}"
        )
        signers.setdefault(one.stage_id, []).append(named)
    for stage in route.stages.order_by("seq"):
        found.append(
            {"seq": stage.seq, "name": stage.name, "mode": stage.mode, "duty": stage.duty, "who": signers.get(stage.pk, []),
             "days": stage.days, "signed": stage.signed, "joint": stage.joint, **StageForm.begun(stage.condition)}
        )  # fmt: skip
    return found


@page(EDIT)
def revise(request: SchoolRequest, ctx: Ctx, pk: int) -> HttpResponse:
    """A route that is in force: GET its stages as a form, POST the next version."""
    route = Route.objects.visible_to(ctx).filter(pk=pk).first()
    if route is None or route.matter not in MATTERS:
        raise Missing("没有这条审批路线。")
    given = {"name": route.name, "rank": route.rank, "source": route.source, **RouteForm.begun(route.condition)}
    return _edited(request, ctx, MATTERS[route.matter], route, given, _initial(route))


@page(EDIT)
def add(request: SchoolRequest, ctx: Ctx, matter: str) -> HttpResponse:
    """A route more for a matter."""
    if matter not in MATTERS:
        raise Missing("没有这个审批事项。")
    return _edited(request, ctx, MATTERS[matter], None, {}, [])


def _edited(
    request: SchoolRequest,
    ctx: Ctx,
    matter: Matter,
    route: Route | None,
    given: dict[str, Any],
    stages: Sequence[dict[str, Any]],
) -> HttpResponse:
    posted = request.method == "POST"
    count = request.POST.get("rows", "") if posted else ""
    rows = min(int(count), editing.MOST + SPARE) if count.isdecimal() and len(count) < 4 else len(stages) + SPARE
    data = request.POST if posted else None
    form = RouteForm(data, initial=given)
    forms_ = [
        StageForm(data, prefix=f"s{at}", initial=stages[at] if at < len(stages) else {"seq": at + 1})
        for at in range(rows)
    ]
    more = posted and "more" in request.POST
    if more:
        forms_.append(StageForm(prefix=f"s{rows}", initial={"seq": rows + 1}))
    form.offer(matter)
    signers = _choices(matter)
    for one in forms_:
        one.offer(matter)
        one.fields["who"].choices = signers  # type: ignore[attr-defined]
    if route is not None:
        form.fields["name"].disabled = True
    problems: list[str] = []
    if posted and not more and form.is_valid() and all(one.is_valid() for one in forms_):
        used = sorted((one for one in forms_ if one.used), key=lambda one: one.cleaned_data["seq"] or 99)
        keywords = {
            "stages": [one.draft() for one in used],
            "rank": form.cleaned_data["rank"],
            "when": form.condition(),
            "source": form.cleaned_data["source"],
        }
        try:
            keyed = ctx.keyed(request.POST.get("key", ""))
            name = form.cleaned_data["name"]
            saved = (
                editing.add_route(keyed, matter=matter.code, name=name, **keywords)
                if route is None
                else editing.revise_route(keyed, route, **keywords)
            )
            messages.success(request, f"已存审批路线：{saved}。以后提交的单子走它。")
            return HttpResponseRedirect(addresses.url_of(ctx.school, saved))
        except Refused as no:
            problems = list(no.problems)
    shown = {
        "matter": matter, "route": route, "form": form, "stages": forms_, "rows": len(forms_), "problems": problems,
        "key": request.POST.get("key") or secrets.token_urlsafe(16), "most": editing.MOST,
        "cancel_url": addresses.url_of(ctx.school, route) or addresses.named(ctx.school, "approvals:routes"),
    }  # fmt: skip
    return TemplateResponse(request, "ui/route_editor.html", shown, status=409 if problems else 200)
