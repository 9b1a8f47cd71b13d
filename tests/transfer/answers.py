"""Holding a reading against an expected answer, as `tests/samples/compare.py` does: keys not named are free."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation


def same(actual: object, expected: object) -> bool:
    """Numbers are equal as decimals; a missing key is a difference, a missing value is null."""
    if isinstance(expected, dict):
        return isinstance(actual, dict) and all(
            key in actual and same(actual[key], value) for key, value in expected.items()
        )
    if isinstance(expected, list):
        return isinstance(actual, list) and len(actual) == len(expected) and all(map(same, actual, expected))
    if expected is None or isinstance(expected, bool):
        return actual is expected or (expected is None and actual == "")
    try:
        return Decimal(str(actual)) == Decimal(str(expected))
    except InvalidOperation:
        return str(actual) == str(expected)
