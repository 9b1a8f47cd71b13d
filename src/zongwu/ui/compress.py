"""Pages, styles and scripts go compressed over the air; photographs and papers are compressed already."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware

WORDS = ("text/", "application/json", "application/javascript", "image/svg")


class WordsOnly(GZipMiddleware):
    """Django's own middleware, with its guard against BREACH, for what consists of words."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if not response.headers.get("Content-Type", "").startswith(WORDS):
            return response
        return super().process_response(request, response)
