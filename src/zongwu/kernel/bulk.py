"""Many rows at once: one prepared statement on SQLite, COPY on PostgreSQL.

`bulk_create` takes every value of every row through its field's class and builds statements of a thousand parameters;
for a hundred thousand cards of fifty columns that took longer than everything else together. Constraints, guards and
indexes see these rows like any others.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any, TypeVar

from django.db import connection, models
from django.db.models.base import ModelState

from zongwu.kernel.fields import ScaledField

M = TypeVar("M", bound=models.Model)
_AS_THEY_ARE = (models.CharField, models.TextField, models.IntegerField, models.BooleanField, models.ForeignKey)
_CHUNK = 5000


def insert(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows of these attributes, in order; the database gives the ids where `id` is not among the names."""
    assert connection.in_atomic_block, "many rows are written inside an action"
    fields = {field.attname: field for field in model._meta.concrete_fields}
    columns = ", ".join(f'"{fields[name].column}"' for name in names)
    prepared = _prepared([_preparer(fields[name]) for name in names], rows)
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            while some := list(
                islice(prepared, _CHUNK)
            ):  # taken first: what makes the rows may ask the same connection
                with connection.wrap_database_errors, cursor.copy(f'COPY "{table}" ({columns}) FROM STDIN') as copy:
                    for row in some:
                        copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(names))
            while some := list(islice(prepared, _CHUNK)):
                cursor.executemany(f'INSERT INTO "{table}" ({columns}) VALUES ({marks})', some)


def insert_objects(objects: Sequence[models.Model]) -> None:
    """Insert unsaved rows of one model and give them their ids."""
    if not objects:
        return
    model = type(objects[0])
    for row, pk in zip(objects, reserve(model, len(objects)), strict=True):
        row.pk = pk
    names = [field.attname for field in model._meta.concrete_fields]
    insert(model, names, ([row.__dict__[name] for name in names] for row in objects))
    for row in objects:
        row._state.adding, row._state.db = False, "default"


def reserve(model: type[models.Model], count: int) -> Sequence[int]:
    """Ids that nobody else will get, ascending. On SQLite the write lock is held, on PostgreSQL the sequence gives them."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
            )
            return sorted(pk for (pk,) in cursor.fetchall())
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = (cursor.fetchone() or (0,))[0]
        return range(last + 1, last + count + 1)


def twin(row: M) -> M:
    """An unsaved row with the same values: a tenth of what the constructor of a row with fifty fields costs."""
    fresh = type(row).__new__(type(row))
    fresh.__dict__.update(row.__dict__, _state=ModelState())
    return fresh


def chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """So many at a time that no database runs out of parameters."""
    return (ids[at : at + _CHUNK] for at in range(0, len(ids), _CHUNK))


def _prepared(preparers: Sequence[Callable[[Any], Any] | None], rows: Iterable[Sequence[Any]]) -> Any:
    """The rows, one by one, as the driver takes them."""
    touched = [(at, prepare) for at, prepare in enumerate(preparers) if prepare]
    for row in rows:
        values = list(row)
        for at, prepare in touched:
            values[at] = prepare(values[at])
        yield values


def _preparer(field: Any) -> Callable[[Any], Any] | None:
    """How a value becomes what the driver takes; None for those that it takes as they are."""
    if isinstance(field, ScaledField):
        return field.get_prep_value
    if isinstance(field, models.JSONField):  # as text: COPY reads it so, and SQLite keeps it so
        encode = (field.encoder or json.JSONEncoder)(ensure_ascii=False).encode
        return lambda value: None if value is None else encode(value)
    if isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField):
        return lru_cache(maxsize=10_000)(lambda value: field.get_db_prep_save(value, connection))
    if isinstance(field, _AS_THEY_ARE):
        return None
    return lambda value: field.get_db_prep_save(value, connection)
