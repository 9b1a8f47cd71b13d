"""From an HTTP request to a person in a school: the middleware, the decorator of views, and what every page shows.

A view never asks who is there: `SchoolMiddleware` resolves the school code of the address and the membership of the
account into `request.ctx`, or answers for the view. `page` gives a view its circumstances and the door to the rows.
"""

from __future__ import annotations

import functools
import secrets
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from zongwu.kernel import clock, scope
from zongwu.kernel.accounts import Membership
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Forbidden, Missing, Refused
from zongwu.ui import answers
from zongwu.ui.shell import Shell

P = ParamSpec("P")


class SchoolRequest(HttpRequest):
    """A request whose person and school are known."""

    ctx: Ctx
    membership: Membership
    request_id: str


class SchoolMiddleware:
    """Takes `school` out of the address and puts `request.ctx` in its place; turns the house's errors into pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if (request.content_params or {}).get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
            return answers.bad_request(request)  # no browser sends another, and some are no texts
        request.request_id = secrets.token_hex(8)  # type: ignore[attr-defined]
        response = self.get_response(request)
        response.headers["X-Request-Id"] = request.request_id  # type: ignore[attr-defined]
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: list[Any], keywords: dict[str, Any]
    ) -> HttpResponseBase | None:
        if any("\x00" in text for given in (request.GET, request.POST) for _, texts in given.lists() for text in texts):
            return answers.bad_request(request)  # PostgreSQL keeps no such text, and nobody types it
        if "school" not in keywords:
            return None
        code = keywords.pop("school")
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        with scope.all_schools("the address names the school; the membership decides whether he may enter"):
            held = (
                Membership.objects.filter(account_id=request.user.pk, school__code=code)
                .select_related("school", "person")
                .first()
            )
        if held is None:
            return answers.missing(request, Missing("没有这个地址，或者您不是这所学校的成员。"))
        if held.disabled_at is not None or held.person.left_on is not None:
            logout(request)
            messages.error(request, f"您在{held.school}的账号已停用，请联系学校管理员。")
            return redirect("account_login")
        with scope.active(held.school):
            ctx = Ctx.member(held, now=clock.now(), request_id=request.request_id)  # type: ignore[attr-defined]
        request.ctx, request.membership = ctx, held  # type: ignore[attr-defined]
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The errors of the house are pages; anything else is a fault and goes to the log."""
        if isinstance(error, Missing):
            return answers.missing(request, error)
        if isinstance(error, Forbidden):
            return answers.forbidden(request, error)
        if isinstance(error, Refused):
            return answers.refused(request, error)
        return None


View = Callable[Concatenate[SchoolRequest, Ctx, P], HttpResponse]
Page = Callable[..., HttpResponse]
"""What Django calls: the request, then what the address says."""


def page(permission: str = "") -> Callable[[View[P]], Page]:
    """A view inside a school. For GET it runs, and its template is drawn, inside `scope.reading`.

    For POST no read-only door is open, because the view is about to call an action; queries before that, such as those
    of a form, run in the active school.

    :raises Forbidden: without the permission.
    """

    def decorate(view: View[P]) -> Page:
        @functools.wraps(view)
        def run(request: HttpRequest, *args: P.args, **keywords: P.kwargs) -> HttpResponse:
            within = cast(SchoolRequest, request)
            ctx = within.ctx
            if permission and not ctx.may(permission):
                raise Forbidden
            if request.method in ("GET", "HEAD"):
                with scope.reading(ctx.school):
                    return drawn(view(within, ctx, *args, **keywords))
            with scope.active(ctx.school):
                return drawn(view(within, ctx, *args, **keywords))

        return run

    return decorate


def drawn(response: HttpResponse) -> HttpResponse:
    """A template is drawn while its rows may still be read."""
    return response.render() if isinstance(response, TemplateResponse) else response


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: what the frame around every page shows. Lazy, so that an error page never breaks on it."""
    return {"shell": Shell(request)}
