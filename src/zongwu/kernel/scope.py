"""One school at a time: the school, the rows that belong to it, and the two doors to them.

A query while no school is active is an error, not an empty list. Rows are reached through an action (`actions.py`) or
through `reading`; `all_schools` is the greppable exception.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import connections, models, transaction

if TYPE_CHECKING:
    from zongwu.kernel.ctx import Ctx

_EVERY_SCHOOL = -1
OPEN = "*"
"""`reads = OPEN`: whoever is of the school may see every row. Nothing is open that does not say so."""
NOBODY = models.Q(pk__in=())
_active: ContextVar[int | None] = ContextVar("school", default=None)
_replica: ContextVar[str | None] = ContextVar("replica", default=None)


class School(models.Model):
    """One school of this installation; `code` stands in every address."""

    class Kind(models.TextChoices):
        PRIMARY = "primary", "小学"
        JUNIOR = "junior", "初中"
        NINE_YEAR = "nine_year", "九年一贯制学校"
        SENIOR = "senior", "高中"
        COMPLETE = "complete", "完全中学"

    code = models.SlugField("学校代号", max_length=20, unique=True)
    name = models.CharField("学校名称", max_length=60)
    kind = models.CharField("学校类别", max_length=12, choices=Kind, default=Kind.PRIMARY)
    region = models.CharField("所在地区", max_length=60, blank=True)
    opened_on = models.DateField("建账日", help_text="没有日期的旧卡片从这一天起算")

    def __str__(self) -> str:
        return self.name


class NoSchool(RuntimeError):
    """A query ran while no school was active."""


@contextmanager
def active(school: School | int) -> Iterator[None]:
    """Narrow every scoped query to one school while the block runs."""
    token = _active.set(school if isinstance(school, int) else school.pk)
    try:
        yield
    finally:
        _active.reset(token)


def active_id() -> int:
    """The one school that is active.

    :raises NoSchool: none, or all of them.
    """
    school = _active.get()
    if school is None or school == _EVERY_SCHOOL:
        raise NoSchool("no single school is active")
    return school


@contextmanager
def all_schools(reason: str) -> Iterator[None]:
    """Lift the narrowing, for sign-in, doctor and the bureau. The reason is for the reader and for grep."""
    assert reason
    with active(_EVERY_SCHOOL):
        yield


@contextmanager
def reading_all(reason: str) -> Iterator[None]:
    """`reading` over every school, for backups."""
    assert reason
    with reading(_EVERY_SCHOOL):
        yield


@contextmanager
def reading(school: School | int) -> Iterator[None]:
    """Read one school from a stable snapshot; the database refuses writes and never takes the write lock.

    Inside an open transaction (an action, a test) it only narrows. Leave it before calling an action.
    """
    default = connections["default"]
    if default.in_atomic_block:
        with active(school):
            yield
        return
    alias = "ro" if default.vendor == "sqlite" else "default"
    token = _replica.set(alias)
    try:
        with transaction.atomic(using=alias), active(school):
            if default.vendor == "postgresql":
                with default.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                    cursor.execute("SELECT set_config('zongwu.school', %s, true)", [str(_active.get())])
            yield
    finally:
        _replica.reset(token)


class Router:
    """Sends what is read inside `reading` to the read-only alias; everything else to the one database."""

    def db_for_read(self, model: type[models.Model], **hints: Any) -> str | None:
        return _replica.get()

    def db_for_write(self, model: type[models.Model], **hints: Any) -> str:
        """Never the read-only alias, even for a row that was read there."""
        return "default"

    def allow_relation(self, one: models.Model, other: models.Model, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db != "ro"


class ScopedQuerySet(models.QuerySet[Any]):
    """Rows of the active school. A domain says with `reads` and `in_range` who may see which of them."""

    reads: ClassVar[str] = ""
    """The permission that opens a row, or `OPEN`. Without one nobody sees any, but for the system itself."""

    def in_range(self, ctx: Ctx, span: str) -> models.Q:
        """The rows of one data range other than the whole school. The default has none."""
        return NOBODY

    def within(self, ctx: Ctx, permission: str) -> Self:
        """The rows on which this person may use the permission."""
        spans = ctx.spans(permission)
        if "school" in spans:
            return self
        narrowed = NOBODY
        for span in sorted(spans):
            narrowed |= self.in_range(ctx, span)
        return self.filter(narrowed)

    def visible_to(self, ctx: Ctx) -> Self:
        """The rows that this person may see at all. No grouping and no DISTINCT: an action locks these very rows."""
        return self if self.reads == OPEN else self.within(ctx, self.reads)


class ScopedManager(models.Manager[Any]):
    def get_queryset(self) -> models.QuerySet[Any]:
        school = _active.get()
        if school is None:
            raise NoSchool(f"{self.model.__name__} was queried while no school is active")
        rows = super().get_queryset()
        return rows if school == _EVERY_SCHOOL else rows.filter(school_id=school)


Scoped = ScopedManager.from_queryset(ScopedQuerySet)


class SchoolModel(models.Model):
    """A row that belongs to one school. `kernel.guards` keeps both ends of its foreign keys in that school."""

    kind: ClassVar[str] = ""
    """The name under which journal, refs and codes know this model; empty when nothing points to it."""

    school = models.ForeignKey(School, models.PROTECT, related_name="+", verbose_name="学校", db_index=False)
    """Without an index of its own: the constraint (school, id) that every model has begins with it."""

    objects: ClassVar[Any] = Scoped()

    class Meta:
        abstract = True
        constraints = [models.UniqueConstraint(fields=["school", "id"], name="%(app_label)s_%(class)s_school_id")]
