"""A question that every signature or every slip asks, put together by the ORM once: to do it anew takes longer than the answer.

SEATS = Prepared(lambda route, on: Signer.objects.filter(stage__route=route, …).values_list(…), int, date)
SEATS(route.pk, on)
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db import connections, router

from zongwu.kernel import bulk, scope

_SCHOOL, _FIRST_NUMBER, _FIRST_DAY = -101, -102, date(1, 2, 3)


class Prepared:
    """Takes whole numbers, days and lists of ids (`bulk.listed`), of the active school; answers with rows as the database keeps them,
    unconverted."""

    def __init__(self, question: Callable[..., Any], *kinds: type) -> None:
        """`question` builds a `values_list` of its arguments and must not look at them: it is called once, with stand-ins."""
        self.question = question
        self.standing = [_stand_in(kind, n) for n, kind in enumerate(kinds)]
        self.made: dict[str, tuple[str, list[tuple[int | None, Any]]]] = {}

    def __call__(self, *given: Any) -> list[tuple[Any, ...]]:
        if len(given) != len(self.standing):
            raise TypeError(f"{len(self.standing)} arguments are asked for, not {len(given)}")
        connection = connections[router.db_for_read(scope.School)]
        if connection.vendor not in self.made:
            self.made[connection.vendor] = self._put_together(connection)
        sql, slots = self.made[connection.vendor]
        values = _as_kept(connection, scope.active_id(), *given)
        with connection.cursor() as cursor:
            cursor.execute(sql, [constant if at is None else values[at] for at, constant in slots])
            return list(cursor.fetchall())

    def _put_together(self, connection: Any) -> tuple[str, list[tuple[int | None, Any]]]:
        """The statement, and for each of its parameters which argument it is, or what it always is."""
        with scope.active(_SCHOOL):
            sql, params = self.question(*self.standing).query.sql_with_params()
        standing = _as_kept(connection, _SCHOOL, *self.standing)
        return sql, [(standing.index(one) if one in standing else None, one) for one in params]


def _stand_in(kind: type, n: int) -> Any:
    return {date: _FIRST_DAY + timedelta(days=n), list: [_FIRST_NUMBER - n]}.get(kind, _FIRST_NUMBER - n)


def _as_kept(connection: Any, *given: Any) -> list[Any]:
    """Arguments as they stand among a statement's parameters."""
    day = connection.ops.adapt_datefield_value
    return [
        day(one) if isinstance(one, date) else bulk.listed(one).params[0] if isinstance(one, list) else one
        for one in given
    ]
