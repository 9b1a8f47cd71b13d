"""Typed references without generic foreign keys: `asset:17`."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from django.apps import apps
from django.db.models import Model

from zongwu.kernel.errors import Missing
from zongwu.kernel.scope import SchoolModel

if TYPE_CHECKING:
    from zongwu.kernel.ctx import Ctx


@cache
def kinds() -> dict[str, type[SchoolModel]]:
    """Kind → model, from the model registry. Two models of one kind are a programming error."""
    found: dict[str, type[SchoolModel]] = {}
    for model in apps.get_models():
        if issubclass(model, SchoolModel) and model.kind:
            assert model.kind not in found, f"two models call themselves {model.kind}"
            found[model.kind] = model
    return found


def ref(row: Model) -> str:
    """`asset:17` for a row of a model that has a kind."""
    kind = getattr(row, "kind", "")
    assert kind and row.pk, f"{row!r} cannot be referred to"
    return f"{kind}:{row.pk}"


def resolve(ctx: Ctx, reference: str) -> SchoolModel:
    """The row behind a reference, if this person may see it.

    :raises Missing: unknown kind, no such row, another school's row, or out of the person's range.
    """
    kind, _, number = reference.partition(":")
    model = kinds().get(kind)
    if model is None or not number.isdecimal() or len(number) > 18:
        raise Missing
    row: SchoolModel | None = model.objects.visible_to(ctx).filter(pk=int(number)).first()
    if row is None:
        raise Missing
    return row
