"""Notices: written to the outbox inside the action's transaction, read in the system. Other channels plug in later."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db import models

from zongwu.kernel.accounts import Person
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.refs import ref
from zongwu.kernel.scope import SchoolModel, Scoped, ScopedQuerySet


class NoticeQuerySet(ScopedQuerySet):
    def visible_to(self, ctx: Ctx) -> NoticeQuerySet:
        """One's own."""
        return self.filter(person=ctx.person)


class Notice(SchoolModel):
    """One sentence for one person, opening one record. The in-app channel is the outbox itself."""

    kind = "notice"

    person = models.ForeignKey(Person, models.CASCADE, related_name="notices", verbose_name="收件人")
    sentence = models.CharField("内容", max_length=200)
    about = models.CharField("对象", max_length=60, blank=True)
    at = models.DateTimeField("时间")
    read_at = models.DateTimeField("已读时间", null=True, blank=True)

    objects: ClassVar[Any] = Scoped.from_queryset(NoticeQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = SchoolModel.Meta.constraints
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["school", "person", "read_at", "id"], name="notice_unread")
        ]
        verbose_name = "通知"

    def __str__(self) -> str:
        return self.sentence


def tell(ctx: Ctx, people: Iterable[Person | None], sentence: str, about: models.Model | None = None) -> None:
    """Leave a notice for each person once; nobody is told of his own act."""
    to = {person.pk: person for person in people if person and (ctx.person is None or person.pk != ctx.person.pk)}
    Notice.objects.bulk_create(
        Notice(school=ctx.school, person=person, sentence=sentence[:200], about=ref(about) if about else "", at=ctx.now)
        for person in to.values()
    )
