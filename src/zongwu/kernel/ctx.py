"""Who acts, where and when: built once by a view, a job, an import or a command, then passed down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from zongwu.kernel import clock
from zongwu.kernel.scope import School

if TYPE_CHECKING:
    from zongwu.kernel.accounts import Membership, Person

Grants = Mapping[str, frozenset[str]]
"""Permission name → the data ranges in which it is held."""


class _Everything(dict[str, frozenset[str]]):
    """What a named system actor holds: every permission, for the whole school."""

    def get(self, key: str, default: Any = None) -> Any:
        return frozenset({"school"})


@dataclass(frozen=True, slots=True)
class Ctx:
    """One request's circumstances. `now` is fixed once, so that one action has one time."""

    school: School
    actor: str
    """`member:<id>` of a membership, or `system:<name>`."""
    now: datetime
    grants: Grants
    person: Person | None = None
    departments: frozenset[int] = frozenset()
    """Ids of the departments in which the person holds a post today."""
    key: str = ""
    """Idempotency key: a second press of the same button has the same key."""
    request_id: str = ""
    through: str = ""
    """The token with which a program acts for the person (`token:17`); its entries say so."""
    entries: list[Any] = field(default_factory=list, compare=False)
    """Journal entries of the running action, written last; see `actions`."""
    also: list[tuple[Any, str]] = field(default_factory=list, compare=False)
    """Rows that steps made or changed on the way, with their part: further subjects of the one entry."""

    @classmethod
    def system(cls, name: str, school: School, *, now: datetime | None = None) -> Ctx:
        """A named system actor (`import`, `demo`, `schedule`) with every permission of the school."""
        return cls(school, f"system:{name}", now or clock.now(), _Everything())

    @classmethod
    def member(cls, membership: Membership, *, now: datetime | None = None, key: str = "", request_id: str = "") -> Ctx:
        """A signed-in person, with the grants of the roles that he holds on that day."""
        moment = now or clock.now()
        on = clock.day_of(moment)
        person = membership.person
        return cls(
            membership.school, f"member:{membership.pk}", moment, person.grants_on(on), person,
            person.departments_on(on), key, request_id,
        )  # fmt: skip

    @property
    def today(self) -> date:
        return clock.day_of(self.now)

    def spans(self, permission: str) -> frozenset[str]:
        """The data ranges in which the permission is held; empty when it is not held at all."""
        return self.grants.get(permission, frozenset())

    def may(self, permission: str) -> bool:
        return bool(self.spans(permission))

    def keyed(self, key: str) -> Ctx:
        """The same circumstances under another idempotency key."""
        return replace(self, key=key.replace("\x00", "")[:64], entries=[], also=[])

    def touch(self, rows: Iterable[Any], role: str) -> None:
        """Steps name what they made or changed, so that its history and the search index know of it."""
        self.also.extend((row, role) for row in rows)

    def journal(self, subject: Any, verb: str, **facts: Any) -> None:
        """Record what this action did; see `journal.Draft` for what facts may hold."""
        from zongwu.kernel.journal import Draft  # noqa: PLC0415 - the journal imports this module

        self.entries.append(Draft.of(subject, verb, facts))
