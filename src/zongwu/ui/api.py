"""The REST API, made from the same registries as the pages: every list, every row, every verb that has a form, every figure.

    GET  /api/<school>/assets/cards?state=idle&o=-value      GET  /api/<school>/figures?area=assets
    GET  /api/<school>/assets/cards/17                       POST /api/<school>/assets/cards/17/do/move_asset

A program shows a token (`kernel/tokens.py`) and sees what its person sees. `Idempotency-Key` makes a repeated POST the
first one again. Imported when it is first asked for: half of a server's start would be pydantic.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.db import models
from django.http import HttpRequest, HttpResponse, QueryDict
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.renderers import JSONRenderer
from ninja.security import HttpBearer
from pydantic import BaseModel, ConfigDict, Field, create_model

from zongwu import __version__
from zongwu.kernel import clock, figures, refs, scope, tokens
from zongwu.kernel.accounts import digest
from zongwu.kernel.actions import Action
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Conflict, Forbidden, Missing, NeedsConfirmation, Refused
from zongwu.kernel.fields import ScaledField
from zongwu.kernel.figures import Window
from zongwu.kernel.memberships import Invited
from zongwu.ui import cells, details, doing, periods, records
from zongwu.ui.forms import meet
from zongwu.ui.lists import STATE, Listing
from zongwu.ui.screens import SCREENS, Column, Money, Screens, field_at

_FIELDS: tuple[tuple[type[forms.Field], Any], ...] = (
    (forms.ModelMultipleChoiceField, list[int]), (forms.ModelChoiceField, int), (forms.MultipleChoiceField, list[str]),
    (forms.BooleanField, bool), (forms.DecimalField, Decimal), (forms.IntegerField, int), (forms.DateField, date),
)  # fmt: skip


class Bearer(HttpBearer):
    """`Authorization: Bearer …`: the person behind the token."""

    def authenticate(self, request: HttpRequest, token: str) -> Ctx | None:
        now = clock.now()
        found = tokens.behind(token, clock.day_of(now))
        if found is None:
            return None
        if request.method not in ("GET", "HEAD") and not found.writes:
            raise Forbidden("这个令牌只能看，不能办事。")
        key = request.headers.get("Idempotency-Key", "")
        with scope.active(found.membership.school):
            ctx = Ctx.member(found.membership, now=now, key=key if len(key) <= 64 else digest(key))
        return replace(ctx, through=refs.ref(found), entries=[], also=[])


class _Readable(JSONRenderer):
    json_dumps_params = {"ensure_ascii": False}


def build() -> NinjaAPI:
    """The whole API over what is registered now."""
    api = NinjaAPI(
        title="总务", version=__version__, auth=Bearer(), renderer=_Readable(), docs_url=None, openapi_url=None, urls_namespace="api",
        description="学校总务的接口：列表、详情、办事和数字，和页面同一套权限。",
    )  # fmt: skip
    for error, status in ((Missing, 404), (Forbidden, 403), (NeedsConfirmation, 409), (Conflict, 409), (Refused, 409)):
        api.add_exception_handler(error, _says(api, status))
    api.add_exception_handler(AuthenticationError, _unknown(api))
    api.add_exception_handler(ValidationError, _misfit(api))
    api.add_exception_handler(HttpError, _plainly(api))
    _figures(api)
    for screens in SCREENS.values():
        row = _row_model(screens)
        _list(api, screens, row)
        _detail(api, screens, row)
        for verb in screens.verbs():
            form = screens.form_of(verb) or forms.Form
            if not any(isinstance(field, forms.FileField) and field.required for field in form.base_fields.values()):  # type: ignore[attr-defined]
                _do(api, screens, verb, _input_model(verb, form))
    return api


def _says(api: NinjaAPI, status: int) -> Callable[[HttpRequest, Any], HttpResponse]:
    def answer(request: HttpRequest, error: Any) -> HttpResponse:
        said = {"detail": str(error), "fields": getattr(error, "fields", {})}
        if isinstance(error, NeedsConfirmation):
            said["confirm"] = "confirmed"
        return api.create_response(request, said, status=status)

    return answer


def _unknown(api: NinjaAPI) -> Callable[[HttpRequest, Any], HttpResponse]:
    said = {"detail": "没有令牌，或者令牌过期、作废了。请学校管理员用 zongwu token 另发一个。", "fields": {}}
    return lambda request, error: api.create_response(request, said, status=401)


def _misfit(api: NinjaAPI) -> Callable[[HttpRequest, Any], HttpResponse]:
    """What was sent does not have the shape of the description."""

    def answer(request: HttpRequest, error: Any) -> HttpResponse:
        wrong = {str(one["loc"][-1]): _MISFITS.get(one["type"], "写法不对") for one in error.errors}
        said = "；".join(f"{name}：{text}" for name, text in wrong.items())
        return api.create_response(request, {"detail": said, "fields": wrong}, status=422)

    return answer


_MISFITS = {"missing": "缺这一项", "extra_forbidden": "没有这一项"}


def _plainly(api: NinjaAPI) -> Callable[[HttpRequest, Any], HttpResponse]:
    return lambda request, error: api.create_response(
        request, {"detail": str(error), "fields": {}}, status=error.status_code
    )


def _here(request: HttpRequest, code: str) -> Ctx:
    """The circumstances of the token's person, in the school that the address names.

    :raises Missing: it is another school.
    """
    ctx: Ctx = request.auth  # type: ignore[attr-defined]
    if ctx.school.code != code:
        raise Missing
    return ctx


def _inside(request: HttpRequest, code: str, permission: str) -> Ctx:
    """:raises Forbidden: the permission is not the person's."""
    ctx = _here(request, code)
    if not ctx.may(permission):
        raise Forbidden
    return ctx


# --- figures ---------------------------------------------------------------------------------------------------------


class FigureOut(BaseModel):
    """One number of the school within the window that was asked for."""

    key: str
    label: str
    value: int | str | None
    unit: str
    text: str
    definition: str


def _figures(api: NinjaAPI) -> None:
    @api.get("/{code}/figures", response=list[FigureOut], tags=["figures"], operation_id="figures", summary="全部数字")
    def every(
        request: HttpRequest, code: str, area: str = "", since: date | None = None, until: date | None = None
    ) -> Any:
        ctx = _here(request, code)
        with scope.reading(ctx.school):
            usual = periods.so_far(ctx.today)
            window = Window(since or usual.since, until or usual.until)
            if window.since > window.until:
                raise HttpError(422, "起的那天在止的那天后面。")
            keys = [key for key, one in figures.FIGURES.items() if area in ("", one.area) and records.may_see(ctx, one)]
            return [
                {"key": key, "label": v.figure.label, "value": v.exact, "unit": v.figure.unit, "text": v.text,
                 "definition": v.figure.definition}
                for key, v in figures.values(keys, window).items()
            ]  # fmt: skip


# --- lists and rows --------------------------------------------------------------------------------------------------


def _row_model(screens: Screens) -> type[BaseModel]:
    """What a row says: its columns, typed by the fields behind them."""
    columns: dict[str, Any] = {
        column.name.replace(".", "_"): (_type(screens, column) | None, Field(None, title=screens.label(column)))
        for column in screens.columns
    }
    return create_model(f"{screens.area}_{screens.name}_row", id=(int, ...), ref=(str, ...), **columns)


def _type(screens: Screens, column: Column) -> Any:
    field = field_at(screens.model, column.name)
    if field is None or isinstance(field, ScaledField | models.ForeignKey) or getattr(field, "choices", None):
        return str
    if isinstance(field, models.BooleanField):
        return bool
    return int if isinstance(field, models.IntegerField) else date if type(field) is models.DateField else str


def _row(screens: Screens, row: Any) -> dict[str, Any]:
    said = {column.name.replace(".", "_"): _plain(screens, column, row) for column in screens.columns}
    return {"id": row.pk, "ref": refs.ref(row), **said}


def _plain(screens: Screens, column: Column, row: Any) -> Any:
    found = cells.value(row, column)
    if isinstance(found, Decimal):
        return f"{found:.2f}" if isinstance(column, Money) else f"{found.normalize():f}"
    if isinstance(found, datetime):
        return found.isoformat()
    return (
        found
        if found is None or (isinstance(found, bool | int | date) and _type(screens, column) is not str)
        else str(found)
    )


def _list(api: NinjaAPI, screens: Screens, row: type[BaseModel]) -> None:
    page = create_model(f"{screens.area}_{screens.name}_page", rows=(list[row], ...), after=(str, ""))  # type: ignore[valid-type]
    conditions = (
        {} if screens.filters is None else {n: str(one.label) for n, one in screens.filters.base_filters.items()}
    )
    asked = {
        "q": "搜",
        "o": f"排序：{'、'.join(screens.orders)}，前面加 - 倒着排",
        "after": "上一页给的续读记号",
    } | conditions
    parameters = [
        {"in": "query", "name": n, "description": text, "schema": {"type": "string"}} for n, text in asked.items()
    ]

    @api.get(
        f"/{{code}}/{screens.area}/{screens.name}", response=page, tags=[screens.area], summary=screens.title,
        operation_id=f"{screens.area}_{screens.name}", openapi_extra={"parameters": parameters},
    )  # fmt: skip
    def every(request: HttpRequest, code: str) -> Any:
        ctx = _inside(request, code, screens.read)
        if strange := sorted(set(request.GET) - conditions.keys() - set(STATE) - {"q"}):
            raise HttpError(422, f"没有叫「{'、'.join(strange)}」的条件。")
        with scope.reading(ctx.school):
            listing = Listing(screens, ctx, request.GET)
            if listing.wrong:
                raise HttpError(422, "；".join(f"{name}：{texts[0]}" for name, texts in listing.wrong.items()))
            return {"rows": [_row(screens, one) for one in listing.page.rows], "after": listing.page.after}


def _detail(api: NinjaAPI, screens: Screens, row: type[BaseModel]) -> None:
    @api.get(
        f"/{{code}}/{screens.area}/{screens.name}/{{int:pk}}", response=row, tags=[screens.area],
        summary=f"一条{screens.title}", operation_id=f"{screens.area}_{screens.name}_one",
    )  # fmt: skip
    def one(request: HttpRequest, code: str, pk: int) -> Any:
        ctx = _inside(request, code, screens.read)
        with scope.reading(ctx.school):
            return _row(screens, details.find(screens, ctx, pk))


# --- verbs -----------------------------------------------------------------------------------------------------------


def _input_model(verb: Action, form: type[forms.BaseForm]) -> type[BaseModel]:
    """What the verb's form asks for, and the tick where it may ask whether one means it."""
    asked: dict[str, Any] = {}
    for name, field in form.base_fields.items():  # type: ignore[attr-defined]
        if isinstance(field, forms.FileField):
            continue
        kind = next((kind for known, kind in _FIELDS if isinstance(field, known)), str)
        title = str(field.label or name)
        asked[name] = (kind, Field(title=title)) if field.required else (kind | None, Field(None, title=title))
    if doing.may_confirm(verb):
        asked["confirmed"] = (bool, Field(False, title="确认"))
    return create_model(f"{verb.name}_in", __config__=ConfigDict(extra="forbid"), **asked)


class Done(BaseModel):
    """What became of it; `ref` is the row, where one is left to see."""

    ref: str | None
    label: str
    shown_once: str = ""
    """The address of an invitation: no later answer says it again."""


def _do(api: NinjaAPI, screens: Screens, verb: Action, given: type[BaseModel]) -> None:
    base = f"/{{code}}/{screens.area}/{screens.name}"
    address = f"{base}/new/{verb.name}" if verb.creates else f"{base}/{{int:pk}}/do/{verb.name}"
    look: Any = {"response": Done, "tags": [screens.area], "summary": verb.label, "operation_id": verb.name}

    def make(request: HttpRequest, code: str, body: Any) -> Any:
        return _performed(screens, verb, _inside(request, code, verb.permission), None, body)

    def do(request: HttpRequest, code: str, pk: int, body: Any) -> Any:
        return _performed(screens, verb, _inside(request, code, verb.permission), pk, body)

    view = make if verb.creates else do
    view.__annotations__["body"] = given  # known only now: each verb has its own
    api.post(address, **look)(view)


def _performed(screens: Screens, verb: Action, ctx: Ctx, pk: int | None, body: Any) -> dict[str, Any]:
    with scope.active(ctx.school):
        subject = () if pk is None else (details.find(screens, ctx, pk),)
        kind = screens.form_of(verb) or forms.Form
        said = body.model_dump()
        for row in subject:  # what the program does not name stays as it is; null says that it goes
            for name, field in kind.base_fields.items():  # type: ignore[attr-defined]
                present = getattr(row, name, None)
                if (
                    name not in body.model_fields_set
                    and present is not None
                    and not isinstance(present, models.Manager)
                ):
                    said[name] = field.prepare_value(present)
            blank = kind(initial={})
            meet(blank, ctx, row)  # what the row does not hold itself, such as the points of a plan
            for name, field in kind.base_fields.items():  # type: ignore[attr-defined]
                present = blank.initial.get(name)
                if name not in body.model_fields_set and said.get(name) in (None, []) and present is not None:
                    said[name] = field.prepare_value(present)
        form = kind(_posted(said))
        meet(form, ctx, next(iter(subject), None))
        if not form.is_valid():
            raise Refused(fields={name: str(texts[0]) for name, texts in form.errors.items()})
        keywords = dict(form.cleaned_data)
    if getattr(body, "confirmed", False):
        keywords["confirmed"] = True
    result = verb.run(ctx, *subject, **keywords)
    if isinstance(result, Invited):
        address = f"{settings.SITE_URL}/p/join/{result.token}/"
        return {"ref": refs.ref(result.person), "label": verb.label, "shown_once": address}
    left = result if isinstance(result, models.Model) else next(iter(subject), None)
    named = getattr(left, "kind", "")
    return {"ref": refs.ref(left) if left is not None and named else None, "label": verb.label}


def _posted(given: dict[str, Any]) -> QueryDict:
    """JSON as a form would have sent it."""
    data = QueryDict(mutable=True)
    for name, value in given.items():
        many: Iterable[Any] = value if isinstance(value, list) else [value]
        data.setlist(name, [_text(one) for one in many if one is not None and one is not False])
    return data


def _text(value: Any) -> str:
    """:raises Refused: half a character, which no text has."""
    text = "on" if value is True else str(value.pk if isinstance(value, models.Model) else value)
    if not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text):
        raise Refused("内容里有不成字的半个字符。")
    return text
