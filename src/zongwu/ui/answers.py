"""Pages that say no: what happened, in a sentence, and where to go from here."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader

from zongwu.kernel.errors import Forbidden, Missing, Refused


def _say(request: HttpRequest, status: int, title: str, icon: str, *sentences: str) -> HttpResponse:
    template = "ui/_said.html" if request.headers.get("HX-Request") else "ui/said.html"
    said = {"status": status, "title": title, "icon": icon, "sentences": sentences}
    return render(request, template, said, status=status)


def missing(request: HttpRequest, error: Missing | None = None) -> HttpResponse:
    return _say(request, 404, "找不到", "map-pin-check", str(error or Missing()))


def forbidden(request: HttpRequest, error: Forbidden | None = None) -> HttpResponse:
    return _say(request, 403, "没有权限", "lock", str(error or Forbidden()))


def refused(request: HttpRequest, error: Refused) -> HttpResponse:
    """For a refusal that has no form to be shown in."""
    return _say(request, 409, "没有办成", "alert-triangle", *error.problems)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return missing(request, Missing("没有这个地址，可能链接抄漏了，或者页面已经搬走。"))


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return forbidden(request)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _say(request, 400, "看不懂这个请求", "alert-circle", "地址或提交的内容不完整，请回到上一页再试。")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    sentence = "为了安全，请刷新上一页，再提交一次；填过的内容浏览器通常还留着。"
    return _say(request, 403, "页面放得太久了", "clock", sentence)


def server_error(request: HttpRequest) -> HttpResponse:
    """The last resort: no query, no context, nothing that could fail again."""
    number = getattr(request, "request_id", "")
    return HttpResponse(loader.render_to_string("ui/fault.html", {"number": number}), status=500)
