"""This installation: its random number, from which every sequence starts.

A school can later move into a district's database with its ids, journal and links, because two installations draw ids
from different ranges: 20 random bits times 2^32, below 2^53 on both engines.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator

from django.apps import apps
from django.db import connection, models, transaction

STRIDE = 2**32


class Installation(models.Model):
    """The one row about this database."""

    number = models.PositiveIntegerField("安装号")
    made_at = models.DateTimeField(auto_now_add=True)

    @property
    def first_id(self) -> int:
        return self.number * STRIDE + 1


def begin() -> None:
    """Draw the number, once, and start the sequences at it."""
    if not Installation.objects.exists():
        Installation.objects.create(number=secrets.randbelow(2**20 - 1) + 1)
    start_sequences()


def start_sequences(**_: object) -> None:
    """Start every sequence that has given nothing yet; runs after each migrate, so that new tables follow."""
    if Installation._meta.db_table not in connection.introspection.table_names():
        return
    row = Installation.objects.first()
    if row is None:
        return
    sqlite = connection.vendor == "sqlite"
    with transaction.atomic(), connection.cursor() as cursor:
        for table in _tables():
            cursor.execute(f'SELECT 1 FROM "{table}" LIMIT 1')
            if cursor.fetchone():
                continue
            if sqlite:
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s AND seq < %s", [table, row.first_id - 1])
                cursor.execute(
                    "INSERT INTO sqlite_sequence (name, seq) SELECT %s, %s "
                    "WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = %s)",
                    [table, row.first_id - 1, table],
                )
            else:
                cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s, false)", [table, row.first_id])


def follow_rows() -> None:
    """Move PostgreSQL's sequences behind the rows that were written with their ids; SQLite does it by itself."""
    with connection.cursor() as cursor:
        for table in _tables():
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence(%s, 'id'), max(id)) FROM \"{table}\" HAVING max(id) IS NOT NULL",
                [table],
            )


def _tables() -> Iterator[str]:
    existing = set(connection.introspection.table_names())
    for model in apps.get_models():
        table = model._meta.db_table
        if isinstance(model._meta.pk, models.BigAutoField) and model is not Installation and table in existing:
            yield table
