"""What the database itself refuses, derived from the model registry.

Both ends of a foreign key lie in one school (composite foreign key on PostgreSQL, triggers on SQLite); the journal is
append-only; a detail is erased once and never deleted; a chain's head moves only with an entry. `install` is
idempotent and runs after every migrate, because a table rebuild on SQLite drops triggers silently; start-up refuses
while one is missing.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from django.apps import apps
from django.db import connection, models, transaction

from zongwu.kernel.scope import SchoolModel


class Guard(NamedTuple):
    """One named object of the database and the statements that make it."""

    name: str
    kind: str
    table: str
    create: tuple[str, ...]


_ERASED_ONCE = "a detail is erased once, by an entry that names it"
_NOT_ERASED = (
    "NOT (OLD.erased_by_id IS NULL AND NEW.erased_by_id IS NOT NULL AND NEW.salt IS NULL AND NEW.body IS NULL "
    "AND NEW.entry_id = OLD.entry_id AND NEW.school_id = OLD.school_id AND EXISTS (SELECT 1 FROM kernel_journalentry e "
    "JOIN kernel_journalsubject s ON s.entry_id = e.id WHERE e.id = NEW.erased_by_id AND e.verb = 'privacy.erase' "
    "AND s.object_kind = 'entry' AND s.object_id = OLD.entry_id))"
)


def _scoped() -> Iterator[type[SchoolModel]]:
    for model in apps.get_models():
        if issubclass(model, SchoolModel):
            yield model


def _links(model: type[SchoolModel]) -> Iterator[models.ForeignKey[models.Model, models.Model]]:
    for field in model._meta.local_fields:
        if isinstance(field, models.ForeignKey) and issubclass(field.related_model, SchoolModel):
            yield field


def _name(prefix: str, *parts: str) -> str:
    """Unique and shorter than PostgreSQL's 63 bytes."""
    whole = "_".join(parts)
    return f"guard_{prefix}_{whole[:31]}_{zlib.crc32(whole.encode()):08x}"


def expected() -> list[Guard]:
    """Every guard that this database must have. A trigger's name ends with what it does, so that a stricter one is another."""
    dialect = _sqlite if connection.vendor == "sqlite" else _postgresql
    return [_sealed(guard) if guard.kind == "trigger" else guard for guard in dialect()]


def _sealed(guard: Guard) -> Guard:
    name = f"{guard.name}_{zlib.crc32(' '.join(guard.create).encode()):08x}"
    return guard._replace(name=name, create=tuple(text.replace(guard.name, name) for text in guard.create))


# --- SQLite ----------------------------------------------------------------------------------------------------------


def _sqlite() -> Iterator[Guard]:
    for model in _scoped():
        table = model._meta.db_table
        for field in _links(model):
            parent = field.related_model._meta.db_table
            for event in ("INSERT", f"UPDATE OF {field.column}, school_id"):
                yield _trigger(
                    _name("same", event[:3].lower(), table, field.column), table, f"BEFORE {event}",
                    f"NEW.{field.column} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {parent} p "
                    f"WHERE p.id = NEW.{field.column} AND p.school_id = NEW.school_id)",
                    f"{table}.{field.column}: another school or no such row",
                )  # fmt: skip
        yield _trigger(
            _name("stay", table), table, "BEFORE UPDATE OF school_id", "NEW.school_id <> OLD.school_id",
            f"{table}: a row stays in its school",
        )  # fmt: skip
        yield from _sqlite_frozen(model)
    yield from _sqlite_head()
    yield from _sqlite_search()


def _trigger(name: str, table: str, event: str, when: str, message: str) -> Guard:
    condition = f"WHEN {when} " if when else ""
    return Guard(
        name, "trigger", table,
        (f"CREATE TRIGGER {name} {event} ON {table} {condition}BEGIN SELECT RAISE(ABORT, '{message}'); END",),
    )  # fmt: skip


def _sqlite_frozen(model: type[SchoolModel]) -> Iterator[Guard]:
    table, how = model._meta.db_table, getattr(model, "guard", "")
    if how:
        yield _trigger(_name("nodel", table), table, "BEFORE DELETE", "", f"{table} is append-only")
    if how == "append_only":
        yield _trigger(_name("noupd", table), table, "BEFORE UPDATE", "", f"{table} is append-only")
    if how == "erase_only":
        yield _trigger(_name("erase", table), table, "BEFORE UPDATE", _NOT_ERASED, _ERASED_ONCE)


def _sqlite_head() -> Iterator[Guard]:
    head, entry = "kernel_journalhead", "kernel_journalentry"
    yield _trigger(
        _name("link", entry), entry, "BEFORE INSERT",
        f"NOT EXISTS (SELECT 1 FROM {head} h WHERE h.school_id = NEW.school_id AND h.stream = NEW.stream "
        "AND NEW.seq = h.seq + 1 AND NEW.prev_hash = h.hash)",
        "journal: broken link",
    )  # fmt: skip
    yield _trigger(
        _name("fwd", head), head, "BEFORE UPDATE",
        "NEW.seq <> OLD.seq + 1 OR NEW.school_id <> OLD.school_id OR NEW.stream <> OLD.stream OR NOT EXISTS (SELECT 1 "
        f"FROM {entry} e WHERE e.school_id = NEW.school_id AND e.stream = NEW.stream AND e.seq = NEW.seq "
        "AND e.hash = NEW.hash)",
        "a journal head moves only with an entry",
    )  # fmt: skip
    yield _trigger(_name("nodel", head), head, "BEFORE DELETE", "", "a journal head stays")
    yield _trigger(_name("born", head), head, "BEFORE INSERT", "NEW.seq <> 0", "a journal head begins at its genesis")


def _sqlite_search() -> Iterator[Guard]:
    table = "kernel_searchentry"
    yield Guard(
        "kernel_search", "table", table,
        (f"CREATE VIRTUAL TABLE kernel_search USING fts5(grams, content='{table}', content_rowid='id', tokenize='unicode61')",
         "INSERT INTO kernel_search(kernel_search) VALUES ('rebuild')"),
    )  # fmt: skip
    add = "INSERT INTO kernel_search(rowid, grams) VALUES (NEW.id, NEW.grams);"
    drop = "INSERT INTO kernel_search(kernel_search, rowid, grams) VALUES ('delete', OLD.id, OLD.grams);"
    for event, body in (("INSERT", add), ("DELETE", drop), ("UPDATE", drop + add)):
        name = _name("search", event.lower())
        yield Guard(name, "trigger", table, (f"CREATE TRIGGER {name} AFTER {event} ON {table} BEGIN {body} END",))


# --- PostgreSQL ------------------------------------------------------------------------------------------------------


def _postgresql() -> Iterator[Guard]:
    for model in _scoped():
        table = model._meta.db_table
        for field in _links(model):
            name = _name("same", table, field.column)
            parent = field.related_model._meta.db_table
            yield Guard(
                name, "constraint", table,
                (f'ALTER TABLE "{table}" ADD CONSTRAINT {name} FOREIGN KEY (school_id, {field.column}) '
                 f'REFERENCES "{parent}" (school_id, id) DEFERRABLE INITIALLY DEFERRED',),
            )  # fmt: skip
        yield _pg_trigger(
            _name("stay", table), table, "BEFORE UPDATE OF school_id", "NEW.school_id <> OLD.school_id",
            f"{table}: a row stays in its school",
        )  # fmt: skip
        yield from _postgresql_frozen(model)
    yield from _postgresql_head()
    yield Guard(
        "kernel_search_grams", "index", "kernel_searchentry",
        ("CREATE INDEX kernel_search_grams ON kernel_searchentry "
         "USING gin (array_to_tsvector(string_to_array(grams, ' ')))",),
    )  # fmt: skip


def _pg_trigger(name: str, table: str, event: str, when: str, message: str, *, each: str = "ROW") -> Guard:
    body = f"BEGIN IF {when} THEN RAISE EXCEPTION '{message}' USING ERRCODE = '23514'; END IF; "
    body += "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END"
    return Guard(
        name, "trigger", table,
        (f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$",
         f"CREATE TRIGGER {name} {event} ON {table} FOR EACH {each} EXECUTE FUNCTION {name}()",
         f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}"),
    )  # fmt: skip


def _postgresql_frozen(model: type[SchoolModel]) -> Iterator[Guard]:
    table, how = model._meta.db_table, getattr(model, "guard", "")
    if how:
        event = "BEFORE UPDATE OR DELETE" if how == "append_only" else "BEFORE DELETE"
        yield _pg_trigger(_name("frozen", table), table, event, "true", f"{table} is append-only")
        yield _pg_trigger(_name("notrunc", table), table, "BEFORE TRUNCATE", "true", f"{table} stays", each="STATEMENT")
    if how == "erase_only":
        yield _pg_trigger(_name("erase", table), table, "BEFORE UPDATE", _NOT_ERASED, _ERASED_ONCE)


def _postgresql_head() -> Iterator[Guard]:
    head, entry = "kernel_journalhead", "kernel_journalentry"
    yield _pg_trigger(
        _name("link", entry), entry, "BEFORE INSERT",
        f"NOT EXISTS (SELECT 1 FROM {head} h WHERE h.school_id = NEW.school_id AND h.stream = NEW.stream "
        "AND NEW.seq = h.seq + 1 AND NEW.prev_hash = h.hash)",
        "journal: broken link",
    )  # fmt: skip
    yield _pg_trigger(
        _name("fwd", head), head, "BEFORE UPDATE",
        "NEW.seq <> OLD.seq + 1 OR NEW.school_id <> OLD.school_id OR NEW.stream <> OLD.stream OR NOT EXISTS (SELECT 1 "
        f"FROM {entry} e WHERE e.school_id = NEW.school_id AND e.stream = NEW.stream AND e.seq = NEW.seq "
        "AND e.hash = NEW.hash)",
        "a journal head moves only with an entry",
    )  # fmt: skip
    yield _pg_trigger(_name("nodel", head), head, "BEFORE DELETE", "true", "a journal head stays")
    yield _pg_trigger(
        _name("born", head), head, "BEFORE INSERT", "NEW.seq <> 0", "a journal head begins at its genesis"
    )
    yield _pg_trigger(_name("notrunc", head), head, "BEFORE TRUNCATE", "true", f"{head} stays", each="STATEMENT")


# --- both ------------------------------------------------------------------------------------------------------------


def present() -> set[str]:
    """Names of what the database has."""
    if connection.vendor == "sqlite":
        queries = ["SELECT name FROM sqlite_master WHERE type IN ('trigger', 'table')"]
    else:
        queries = [
            "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
            "SELECT conname FROM pg_constraint WHERE contype = 'f'",
            "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()",
        ]
    found: set[str] = set()
    with connection.cursor() as cursor:
        for query in queries:
            cursor.execute(query)
            found |= {row[0] for row in cursor.fetchall()}
    return found


def _triggers() -> list[tuple[str, str]]:
    """The triggers of this module that the database has, those of an earlier version too, with their tables."""
    if connection.vendor == "sqlite":
        query = "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'guard_%'"
    else:
        query = (
            "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal AND tgname LIKE 'guard_%'"
        )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return [(name, table) for name, table in cursor.fetchall()]


def missing() -> list[Guard]:
    """Guards that the database lacks; start-up refuses while there are any."""
    have = present()
    return [guard for guard in expected() if guard.name not in have]


def install(**_: object) -> None:
    """Make what is missing. Runs after every migrate; doing it twice does nothing."""
    tables, current = set(connection.introspection.table_names()), {guard.name for guard in expected()}
    with _altering() as cursor:
        for name, table in _triggers():
            if name not in current:  # an earlier version made it otherwise
                _drop(cursor, name, table)
        for guard in missing():
            if guard.table in tables:
                for statement in guard.create:
                    cursor.execute(statement)


@contextmanager
def _altering() -> Iterator[Any]:
    """A cursor for changing triggers. PostgreSQL alters no table that has checks waiting, so they are asked first."""
    postgresql = connection.vendor == "postgresql"
    with transaction.atomic(), connection.cursor() as cursor:
        if postgresql:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        yield cursor
        if postgresql:
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def lift(*, plan: Sequence[object] = (), **_: object) -> None:
    """SQLite rebuilds a table under another name, which no trigger that speaks of it survives: off they come before.

    `install` puts them back after the migration; were that cut short, start-up would do it, and refuse without.
    """
    if plan and connection.vendor == "sqlite":
        remove()


def remove() -> None:
    """Take every trigger off, until `install`: before a migration, for a restore, in tests that plant damage."""
    with _altering() as cursor:
        for name, table in _triggers():
            _drop(cursor, name, table)


def _drop(cursor: Any, name: str, table: str) -> None:
    cursor.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if connection.vendor == "postgresql" else ""))
