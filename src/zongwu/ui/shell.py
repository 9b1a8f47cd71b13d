"""The frame around every page: who is here, where he can go, what waits for him. Asked for only what is drawn."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest

from zongwu.kernel import scope
from zongwu.kernel.notify import Notice
from zongwu.ui import navigation
from zongwu.ui.navigation import Place

if TYPE_CHECKING:
    from zongwu.kernel.accounts import Membership, Person
    from zongwu.kernel.ctx import Ctx
    from zongwu.kernel.scope import School

THEMES = ("light", "dark")


class Shell:
    """Lazy answers for the templates; every query opens the school by itself, so it also works on an error page."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @property
    def ctx(self) -> Ctx | None:
        return getattr(self._request, "ctx", None)

    @property
    def school(self) -> School | None:
        return self.ctx.school if self.ctx else None

    @property
    def person(self) -> Person | None:
        return self.ctx.person if self.ctx else None

    @property
    def membership(self) -> Membership | None:
        return getattr(self._request, "membership", None)

    @cached_property
    def navigation(self) -> list[Place]:
        return navigation.for_(self.ctx, self._request.path) if self.ctx else []

    @property
    def main(self) -> list[Place]:
        """At most nine; the rest is behind 更多模块."""
        return self.navigation[: navigation.MOST]

    @property
    def here(self) -> Place | None:
        """The area that is open, for the tabs of a phone."""
        return next((place for place in self.navigation if place.current), None)

    @cached_property
    def unread(self) -> int:
        if self.ctx is None or self.ctx.person is None:
            return 0
        with scope.active(self.ctx.school):
            return int(Notice.objects.filter(person=self.ctx.person, read_at=None).count())

    @property
    def theme(self) -> str:
        chosen = self._request.COOKIES.get("theme", "")
        return chosen if chosen in THEMES else ""

    @property
    def elder(self) -> bool:
        return self._request.COOKIES.get("elder") == "1"

    @property
    def plain_http(self) -> bool:
        """Whether to warn: passwords cross the network unencrypted, and phones refuse their camera."""
        host = self._request.get_host().partition(":")[0]
        return not settings.HTTPS and host not in ("localhost", "127.0.0.1", "testserver")
