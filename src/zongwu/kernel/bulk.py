"""Rows without the ORM: many at once by one prepared statement or COPY, and the few that every action writes.

`bulk_create` takes every value of every row through its field's class and builds statements of a thousand parameters;
for a hundred thousand cards of fifty columns that took longer than everything else together. Constraints, guards and
indexes see these rows like any others.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, islice
from typing import Any, TypeVar

from django.db import connection, models
from django.db.models.base import ModelState
from django.db.models.expressions import RawSQL

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
            # Taken first: what makes the rows may ask the same connection.
            while some := list(islice(prepared, _CHUNK)):
                with connection.wrap_database_errors, cursor.copy(f'COPY "{table}" ({columns}) FROM STDIN') as copy:
                    for row in some:
                        copy.write_row(row)
        else:
            one = f"({', '.join('?' * len(names))})"
            while some := list(islice(prepared, max(_PARAMETERS // len(names), 1))):
                with (
                    connection.wrap_database_errors
                ):  # past Django's cursor, which would look for its own marks in each
                    connection.connection.execute(
                        f'INSERT INTO "{table}" ({columns}) VALUES {", ".join([one] * len(some))}',
                        [*chain.from_iterable(some)],
                    )


_PARAMETERS = 20_000
"""Of one statement on SQLite, which allows 32,766. Triggers and the search index pay by the statement."""


def insert_one(model: type[models.Model], *, unless_there: bool = False, **values: Any) -> int | None:
    """Insert one row of these attributes and tell its id; None where a unique constraint holds such a row already.

    For what every single action writes (journal, idempotency key), where building the statement took longer than the work.
    """
    assert connection.in_atomic_block, "rows are written inside an action"
    fields = {field.attname: field for field in model._meta.concrete_fields}
    columns, marks = ", ".join(f'"{fields[name].column}"' for name in values), ", ".join(["%s"] * len(values))
    otherwise = " ON CONFLICT DO NOTHING" if unless_there else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES ({marks}){otherwise} RETURNING id',
            [fields[name].get_db_prep_save(value, connection) for name, value in values.items()],
        )
        made = cursor.fetchone()
    return made[0] if made else None


def insert_object(row: models.Model) -> None:
    """Insert one unsaved row and give it its id: what `save` does, for the rows that every action writes."""
    values = {
        field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key
    }
    row.pk = insert_one(type(row), **values)
    row._state.adding, row._state.db = False, "default"


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


def listed(ids: Sequence[int]) -> Any:
    """Many ids for an `__in`, as one parameter: to write each of five thousand took the ORM longer than the database the work."""
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::bigint[])", [list(ids)])
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(list(ids))])


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
        return lru_cache(maxsize=10_000, typed=True)(field.get_prep_value)  # a float never passes for an equal amount
    if isinstance(field, models.JSONField):  # as text: COPY reads it so, and SQLite keeps it so
        encode = (field.encoder or json.JSONEncoder)(ensure_ascii=False).encode
        return lambda value: None if value is None else encode(value)
    if isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField):
        return lru_cache(maxsize=10_000)(lambda value: field.get_db_prep_save(value, connection))
    if isinstance(field, _AS_THEY_ARE):
        return None
    return lambda value: field.get_db_prep_save(value, connection)
