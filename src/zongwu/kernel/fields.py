"""Exact amounts in the database: integers below, `Decimal` above. SQLite has no decimal type.

Sums, filters and constraints work on the integers; a template sees yuan. See `amounts` for the door from text.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.db import models
from django.db.models.expressions import Combinable

if TYPE_CHECKING:
    _Integer = models.BigIntegerField[Decimal | int | str | Combinable, Decimal]
else:
    _Integer = models.BigIntegerField


class NotKept(ValueError):
    """A number that the database cannot hold exactly: too large, or with too many decimals."""


class ScaledField(_Integer):
    """A decimal number stored as an integer number of `1/scale`. Refuses what does not fit exactly."""

    places: ClassVar[int] = 0

    @property
    def scale(self) -> int:
        return int(10**self.places)

    def from_db_value(self, value: int | None, expression: Any, connection: Any) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-self.places)

    def to_python(self, value: Any) -> Decimal | None:
        if value is None or value == "":
            return None
        if isinstance(value, float):
            raise TypeError("float is banned from amounts")
        return Decimal(value)

    def get_prep_value(self, value: Any) -> int | None:
        number = self.to_python(value)
        if number is None:
            return None
        if not number.is_finite() or number.adjusted() > 14:
            raise NotKept(f"{number} is no amount that can be kept")
        scaled = number.scaleb(self.places)
        if scaled != scaled.to_integral_value():
            raise NotKept(f"{number} has more than {self.places} decimals")
        return int(scaled)

    def formfield(self, **keywords: Any) -> forms.Field:
        return forms.DecimalField(
            **{"label": self.verbose_name, "required": not self.blank, "decimal_places": self.places, "max_digits": 15,
               "help_text": self.help_text} | {k: v for k, v in keywords.items() if k in {"label", "required", "initial"}}
        )  # fmt: skip


class MoneyField(ScaledField):
    """Yuan, stored as fen."""

    places = 2


class UnitPriceField(ScaledField):
    """Yuan a piece, stored as ten-thousandths of a yuan."""

    places = 4


class QuantityField(ScaledField):
    """Pieces, kilograms, metres; stored as thousandths."""

    places = 3
