"""Numbers that a school may set: each with the day from which it holds and the document that says so."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from zongwu.kernel.scope import SchoolModel, Scoped, ScopedQuerySet


class RuleQuerySet(ScopedQuerySet):
    reads = "school.read_rule"


class Rule(SchoolModel):
    """A number that differs by county or school, with where it comes from (house rule 17)."""

    kind = "rule"

    key = models.CharField("设置", max_length=60)
    value = models.CharField("取值", max_length=120)
    source = models.CharField("依据", max_length=120, blank=True)
    from_on = models.DateField("自")

    objects: ClassVar[Any] = Scoped.from_queryset(RuleQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *SchoolModel.Meta.constraints, models.UniqueConstraint(fields=["school", "key", "from_on"], name="rule_once")
        ]  # fmt: skip
        indexes: ClassVar[list[Any]] = [models.Index(fields=["school", "key", "id"], name="rule_by_key")]
        verbose_name = "规则"

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """What the number is called; the key, where the program knows it no more."""
        return LABELS.get(self.key, self.key)


LABELS: dict[str, str] = {}
"""Setting → its name; filled by `settings.setting`."""
