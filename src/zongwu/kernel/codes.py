"""Printed codes: eight characters on a label, random and unique over the whole installation."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django.db import models

from zongwu.kernel.scope import SchoolModel

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 8


class PublicCode(SchoolModel):
    """What a label opens. Who asks decides what he sees; a revoked code opens nothing."""

    code = models.CharField("标签码", max_length=LENGTH, unique=True)
    object_kind = models.SlugField(max_length=20, db_index=False)
    object_id = models.BigIntegerField()
    revoked_on = models.DateField("作废日期", null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *SchoolModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["school", "object_kind", "object_id"], condition=models.Q(revoked_on=None), name="code_once"
            ),
        ]


def valid(kind: str, ids: Sequence[int]) -> dict[int, str]:
    """The valid code of each object that has one."""
    rows = PublicCode.objects.filter(object_kind=kind, object_id__in=ids, revoked_on=None)
    return dict(rows.values_list("object_id", "code"))


def ensure(school_id: int, kind: str, ids: Iterable[int]) -> dict[int, str]:
    """The valid code of each object, made where there is none. A write: call it from a step."""
    wanted = list(ids)
    found = valid(kind, wanted)
    missing = [number for number in wanted if number not in found]
    fresh = [PublicCode(school_id=school_id, object_kind=kind, object_id=number, code=_draw()) for number in missing]
    PublicCode.objects.bulk_create(fresh, batch_size=1000)
    return found | {row.object_id: row.code for row in fresh}


def _draw() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
