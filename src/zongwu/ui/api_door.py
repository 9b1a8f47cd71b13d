"""The one address of the API: what lies behind it is made when it is first asked for, and costs a school nothing until then."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import Resolver404, URLResolver
from django.urls.resolvers import RegexPattern
from django.views.decorators.csrf import csrf_exempt


@cache
def _made() -> tuple[Any, URLResolver]:
    from zongwu.ui.api import build  # noqa: PLC0415 - heavy: pydantic

    api = build()
    return api, URLResolver(RegexPattern(r"^"), api.urls[0])


@csrf_exempt  # no cookie opens it, only a token
def door(request: HttpRequest, rest: str) -> HttpResponse:
    """Hand the request to the API's own view."""
    try:
        view, positional, named = _made()[1].resolve(rest)
    except Resolver404:
        return _no("没有这个接口地址。", 404)
    response: HttpResponse = view(request, *positional, **named)
    return _no("这个地址不能这样用。", 405) if response.status_code == 405 else response


def _no(sentence: str, status: int) -> HttpResponse:
    return JsonResponse({"detail": sentence, "fields": {}}, status=status, json_dumps_params={"ensure_ascii": False})


def schema() -> str:
    """The OpenAPI description of everything that is registered."""
    return json.dumps(_made()[0].get_openapi_schema(path_prefix="/api"), ensure_ascii=False, indent=1) + "\n"
