"""A question that every signature or every slip asks, put together by the ORM once: to do it anew takes longer than the answer.

SEATS = Prepared(lambda route, on: Signer.objects.filter(stage__route=route, …).values_list(…), int, date)
SEATS(route.pk, on)
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db import connections, router

from zongwu.kernel import scope

_SCHOOL = -101
_FIRST_NUMBER, _FIRST_DAY = -102, date(1, 2, 3)


class Prepared:
    """Takes whole numbers and days, of the active school; answers with rows as the database keeps them, unconverted."""

    def __init__(self, question: Callable[..., Any], *kinds: type) -> None:
        """`question` builds a `values_list` of its arguments and must not look at them: it is called once, with stand-ins."""
        self.question = question
        self.standing = [
            _FIRST_DAY + timedelta(days=n) if kind is date else _FIRST_NUMBER - n for n, kind in enumerate(kinds)
        ]
        self.made: dict[str, tuple[str, tuple[Any, ...]]] = {}

    def __call__(self, *given: Any) -> list[tuple[Any, ...]]:
        connection = connections[router.db_for_read(scope.School)]
        if connection.vendor not in self.made:
            self.made[connection.vendor] = self._put_together()
        sql, params = self.made[connection.vendor]
        day = connection.ops.adapt_datefield_value
        standing, meant = (
            [day(one) if isinstance(one, date) else one for one in some] for some in (self.standing, given)
        )
        values = {_SCHOOL: scope.active_id(), **dict(zip(standing, meant, strict=True))}
        with connection.cursor() as cursor:
            cursor.execute(sql, [values.get(one, one) for one in params])
            return list(cursor.fetchall())

    def _put_together(self) -> tuple[str, tuple[Any, ...]]:
        with scope.active(_SCHOOL):
            sql, params = self.question(*self.standing).query.sql_with_params()
        return sql, tuple(params)
