"""Forms that call an action: on one row, for a new row, on a few chosen rows.

Every form carries an idempotency key, so that a second press is the first one again; the entry of the journal that the
person had seen, so that he is told when somebody was quicker; and, where an action asks for it, the tick `confirmed`.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from inspect import signature
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import models
from django.forms import BaseForm, Form
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse

from zongwu.kernel import journal, scope
from zongwu.kernel.actions import ACTIONS, Action, IdempotencyKey
from zongwu.kernel.approvals.models import Document
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Conflict, Forbidden, Missing, NeedsConfirmation, Refused
from zongwu.kernel.memberships import Invited
from zongwu.ui import addresses, details, forms, history
from zongwu.ui import screens as described
from zongwu.ui.approving import device_of
from zongwu.ui.request import Page, SchoolRequest, drawn, page
from zongwu.ui.screens import Screens


def verb_named(screens: Screens, name: str, *, creates: bool) -> Action:
    """The verb of an address, if it is one of these screens'."""
    verb = ACTIONS.get(name)
    if verb is None or verb not in list(screens.verbs()) or verb.creates is not creates:
        raise Missing("没有这个操作。")
    return verb


def do_view(screens: Screens) -> Page:
    """GET shows the form of a verb for one row, POST does it."""

    @page(screens.read)
    def view(request: SchoolRequest, ctx: Ctx, pk: int, verb: str) -> HttpResponse:
        action = verb_named(screens, verb, creates=False)
        row = details.find(screens, ctx, pk)
        if not details.Reach(screens, ctx, row).has(action.permission):
            raise Forbidden(f"这条记录的「{action.label}」不归您办，请找负责的人或学校管理员。")
        if request.method != "POST":
            if not action.available(row):
                raise Refused(action.refusal.format(label=action.label, row=row))
            return shown(
                request, ctx, screens, action, bound_form(screens, action, ctx, row, given=_begun(request)), row
            )
        form = bound_form(screens, action, ctx, row, request)
        return attempt(request, ctx, screens, action, form, row)

    return view


def new_view(screens: Screens) -> Page:
    """GET shows the empty form of a creating verb, POST does it."""

    @page(screens.read)
    def view(request: SchoolRequest, ctx: Ctx, verb: str) -> HttpResponse:
        action = verb_named(screens, verb, creates=True)
        if not ctx.may(action.permission):
            raise Forbidden(f"没有「{action.label}」的权限，请找学校管理员。")
        if request.method != "POST":
            return shown(request, ctx, screens, action, bound_form(screens, action, ctx, None, given=_begun(request)))
        return attempt(request, ctx, screens, action, bound_form(screens, action, ctx, None, request))

    return view


def _begun(request: SchoolRequest) -> dict[str, Any]:
    """What the address fills in already: where the form was begun from."""
    return {name: values if len(values) > 1 else values[0] for name, values in request.GET.lists()}


def bound_form(
    screens: Screens, verb: Action, ctx: Ctx, row: Any, request: SchoolRequest | None = None,
    given: Mapping[str, Any] | None = None,
) -> BaseForm:  # fmt: skip
    """The verb's form: filled from the row, with today where a day is asked for; or bound to what was sent."""
    kind = screens.form_of(verb) or Form
    initial = _initial(verb, kind, row) | dict(given or {})
    posted = request is not None and request.method == "POST"
    form = kind(request.POST, request.FILES, initial=initial) if request and posted else kind(initial=initial)
    forms.initial_day(form, ctx.today)
    forms.meet(form, ctx, row)
    return form


def _initial(verb: Action, kind: type[BaseForm], row: Any) -> dict[str, Any]:
    """What the row says now. A place or a person stays open, since choosing another is what the verb is for: only a
    correction, which takes any field, begins with the present one."""
    corrects = any(p.kind is p.VAR_KEYWORD for p in signature(verb.run).parameters.values())
    found: dict[str, Any] = {}
    for name in getattr(kind, "base_fields", {}) if row is not None else ():
        value = getattr(row, name, None)
        if isinstance(value, models.Model):
            value = value.pk if corrects else None
        elif isinstance(value, models.Manager):  # other rows: the form itself knows how they are written
            value = None
        if value is not None:
            found[name] = value
    return found


def attempt(
    request: SchoolRequest, ctx: Ctx, screens: Screens, verb: Action, form: BaseForm, row: Any = None
) -> HttpResponse:
    """Call the action with the form's data. Every refusal is the form again, with all that is wrong."""
    if not form.is_valid():
        return shown(request, ctx, screens, verb, form, row, status=422)
    key = request.POST.get("key", "")[:64]
    try:
        _not_stale(request, ctx, screens, row, key)
        subject = () if verb.creates else (row,)
        result = verb.run(ctx.keyed(key), *subject, **keywords_of(request, verb, form))
    except Refused as no:
        return shown(request, ctx, screens, verb, form, row, no=no, status=409)
    if isinstance(result, Invited):
        return _invitation(request, ctx, result)
    return succeeded(request, ctx, screens, verb, result if isinstance(result, models.Model) else row)


def keywords_of(request: SchoolRequest, verb: Action, form: BaseForm) -> dict[str, Any]:
    """A form's cleaned data are the action's keywords."""
    keywords = dict(form.cleaned_data)
    if may_confirm(verb) and request.POST.get("confirmed"):
        keywords["confirmed"] = True
    if "device" in signature(verb.run).parameters:
        keywords["device"] = device_of(request)
    return keywords


def may_confirm(verb: Action) -> bool:
    """Whether the action takes a tick for "I mean it"."""
    return "confirmed" in signature(verb.run).parameters


def last_seen(screens: Screens, row: Any) -> int:
    """The newest entry in the row's history: what a form remembers of the row."""
    if row is None or not screens.model.kind:
        return 0
    entries = journal.history(screens.model.kind, row.pk).values_list("pk", flat=True)
    return int(entries.first() or 0)


def _not_stale(request: SchoolRequest, ctx: Ctx, screens: Screens, row: Any, key: str) -> None:
    """Refuse when somebody changed the row after this form was drawn, unless this very form was sent twice."""
    seen = request.POST.get("seen", "")
    if row is None or not seen.isdecimal():
        return
    newer = journal.history(screens.model.kind, row.pk).filter(pk__gt=int(seen))
    if not newer.exists() or IdempotencyKey.objects.filter(actor=ctx.actor, key=key).exists():
        return
    told = history.tell(ctx, list(newer[:3]))
    what = "；".join(f"{one.actor} {one.local:%m-%d %H:%M} {one.label}{one.text}" for one in told)
    raise Conflict(f"您填的时候，这条记录又有了变动：{what}。请看过现在的样子，再提交一次。")


def shown(
    request: SchoolRequest, ctx: Ctx, screens: Screens, verb: Action, form: BaseForm, row: Any = None, *,
    no: Refused | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    """The form as a page, or as a dialogue for htmx."""
    problems = list(_place_problems(form, no)) if no else []
    kept = request.POST.get("key", "") if not isinstance(no, Conflict) else ""
    given: dict[str, Any] = {
        "verb": verb, "form": form, "problems": problems, "confirming": isinstance(no, NeedsConfirmation),
        "conflict": isinstance(no, Conflict), "key": kept or secrets.token_urlsafe(16),
        "seen": last_seen(screens, row), "cancel_url": addresses.list_url(ctx.school, screens), "screens": screens,
    }  # fmt: skip
    if row is not None:
        given |= details.head(screens, ctx, row) | {"cancel_url": addresses.row_url(ctx.school, screens, row.pk)}
    template = "ui/_form.html" if request.headers.get("HX-Target") == "dialog" else "ui/form.html"
    return TemplateResponse(request, template, given, status=status)


def _place_problems(form: BaseForm, no: Refused) -> list[str]:
    """Field problems go to their fields; the others stay above the form."""
    for name, sentence in no.fields.items():
        if name in form.fields:
            form.add_error(name, sentence)
    return [problem for problem in no.problems if not any(problem == no.fields.get(name) for name in form.fields)]


def succeeded(request: SchoolRequest, ctx: Ctx, screens: Screens, verb: Action, row: Any) -> HttpResponse:
    """Back to the row with a receipt; to the list when there is no row left to see."""
    about = f"：{row}" if isinstance(row, models.Model) else ""
    draft = (
        "。还是草稿，送签或提交以后才算数"
        if verb.creates and isinstance(row, Document) and row.state == Document.State.DRAFT
        else ""
    )
    messages.success(request, f"已{verb.label}{about}{draft}")
    url = ""
    if isinstance(row, models.Model):
        target = described.of(type(row))
        with scope.active(ctx.school):
            if target is not None and target.model.objects.visible_to(ctx).filter(pk=row.pk).exists():
                url = addresses.row_url(ctx.school, target, row.pk)
    url = url or addresses.list_url(ctx.school, screens)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


def _invitation(request: SchoolRequest, ctx: Ctx, invited: Invited) -> HttpResponse:
    """The one time that the token is seen."""
    given = {"invited": invited, "address": f"{settings.SITE_URL}/p/join/{invited.token}/"}
    return drawn(TemplateResponse(request, "ui/invited.html", given))
