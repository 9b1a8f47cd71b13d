"""Global search: every searchable object has one entry, cut into bigrams, so that two Chinese characters find it.

SQLite answers from FTS5, PostgreSQL from a GIN index (`guards.py` makes both); the school is a token in the index. A
domain offers what can be found with `offer`; `actions.after_journal` keeps the index up to date from the subjects of
each journal entry, inside the same transaction.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from django.db import connections, models, transaction
from django.db.models.expressions import RawSQL

from zongwu.kernel import bulk, pinyin
from zongwu.kernel.refs import kinds
from zongwu.kernel.scope import School, SchoolModel, active

if TYPE_CHECKING:
    from zongwu.kernel.ctx import Ctx
    from zongwu.kernel.journal import JournalEntry, Touched

MOST = 2000
"""So many hits are listed; a word that is in more is looked for in another way, and counted no further."""


class SearchEntry(SchoolModel):
    """What can be found of one object, and how it is shown in the palette."""

    object_kind = models.SlugField(max_length=20, db_index=False)
    object_id = models.BigIntegerField()
    title = models.CharField(max_length=120)
    subtitle = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    grams = models.TextField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *SchoolModel.Meta.constraints,
            models.UniqueConstraint(fields=["school", "object_kind", "object_id"], name="search_once"),
        ]


class Findable(NamedTuple):
    """One object as the index takes it. `words` are the texts by which it is found; `name` also by its initials."""

    object_id: int
    title: str
    subtitle: str
    name: str
    words: tuple[str, ...]


Source = Callable[[Any], Iterable[Findable]]
"""The live objects among some ids, given as `__in` takes them; all for None."""
SOURCES: dict[str, Source] = {}


def offer(kind: str, source: Source) -> None:
    """Make a kind findable."""
    SOURCES[kind] = source


@lru_cache(maxsize=5_000)
def squeeze(text: str) -> str:
    """Half-width, lower case, nothing but letters, digits and characters."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).lower() if c.isalnum())


def bigrams(text: str) -> Iterator[str]:
    """All neighbouring pairs of a squeezed text."""
    return (text[at : at + 2] for at in range(len(text) - 1))


@lru_cache(maxsize=5_000)
def _grams(text: str) -> frozenset[str]:
    return frozenset(bigrams(text))


def index(school_id: int, kind: str, ids: list[int] | None = None) -> None:
    """Bring the entries of these objects up to date; objects that are gone or void leave the index."""
    mine = SearchEntry.objects.filter(object_kind=kind)
    for some in bulk.chunks(ids) if ids is not None else [None]:
        if some is not None and len(some) <= _FEW:
            _compare(mine, school_id, kind, some)
        else:
            (mine if some is None else mine.filter(object_id__in=bulk.listed(some))).delete()
            found = SOURCES[kind](None if some is None else bulk.listed(some))
            bulk.insert(SearchEntry, _COLUMNS, (_entry(school_id, kind, one) for one in found))


_FEW = 200


def _compare(mine: models.QuerySet[SearchEntry], school_id: int, kind: str, ids: Sequence[int]) -> None:
    """Write only what would read otherwise: most actions change nothing that is searched for."""
    with connections["default"].cursor() as cursor:  # one action touches a few: the ORM's words cost more than the work
        marks = ", ".join(["%s"] * len(ids))
        cursor.execute(
            f"SELECT {', '.join(_COLUMNS)} FROM kernel_searchentry WHERE school_id = %s AND object_kind = %s AND object_id IN ({marks})",
            [school_id, kind, *ids],
        )
        known = {row[2]: row for row in cursor.fetchall()}
    made = {found.object_id: _entry(school_id, kind, found) for found in SOURCES[kind](ids)}
    if stale := [pk for pk, row in known.items() if made.get(pk) != row]:
        mine.filter(object_id__in=stale).delete()
    if fresh := [row for pk, row in made.items() if known.get(pk) != row]:
        bulk.insert(SearchEntry, _COLUMNS, fresh)


def rebuild(school: School) -> None:
    """Index everything that the school has anew."""
    with transaction.atomic(), active(school):
        for kind in SOURCES:
            index(school.pk, kind)


_COLUMNS = ("school_id", "object_kind", "object_id", "title", "subtitle", "text", "grams")


def _entry(school_id: int, kind: str, found: Findable) -> tuple[int | str, ...]:
    texts = [squeeze(word) for word in (found.name, *found.words) if word]
    initials = pinyin.initials(found.name)
    grams = {f"z{gram}" for gram in bigrams(initials)}.union(*map(_grams, texts))
    return (
        school_id, kind, found.object_id, found.title[:120], found.subtitle[:200], " ".join([*texts, initials]),
        " ".join([f"s{school_id}", *sorted(grams)]),
    )  # fmt: skip


ONLY_NAMED: set[str] = set()
"""Parts in an action by which nothing that is searched for changes: who received, which room it was."""


def follow(ctx: Ctx, entry: JournalEntry, subjects: list[Touched]) -> None:
    """Index what an action touched; registered in `actions.after_journal`."""
    touched = sorted({(s.kind, s.object_id) for s in subjects if s.kind in SOURCES and s.role not in ONLY_NAMED})
    for kind, pairs in groupby(touched, key=lambda pair: pair[0]):
        index(ctx.school.pk, kind, [number for _, number in pairs])


def words_of(query: str) -> list[str]:
    """The words that are looked for: at most eight of sixty characters in all."""
    return list(dict.fromkeys(word for word in map(squeeze, query[:60].split()) if word))[:8]


def hits(school_id: int, words: Sequence[str], kind: str) -> models.QuerySet[SearchEntry]:
    """Entries of a kind that hold every word, from the index; who may see them is for `narrow`."""
    rows = SearchEntry.objects.filter(object_kind=kind)
    for word in words:
        rows = rows.filter(_matching(school_id, word)) if len(word) > 1 else rows.filter(text__contains=word)
        if len(word) > 2:  # neighbouring pairs may stand in different places
            rows = rows.filter(text__contains=word)
    return rows


def narrow(rows: Any, school_id: int, query: str) -> Any:
    """Those of the rows that hold every word, in whatever order the caller asks for.

    Up to `MOST` hits are listed first and everything else happens inside the list; of a word that is everywhere the
    caller's own order is walked and each row tested, so that neither takes long (decisions 19).
    """
    words, kind = words_of(query), rows.model.kind
    found = list(hits(school_id, words, kind).values_list("object_id", flat=True)[: MOST + 1])
    if len(found) <= MOST:
        return rows.filter(pk__in=found)
    entry = SearchEntry.objects.filter(object_kind=kind, object_id=models.OuterRef("pk"))
    for word in words:
        entry = entry.filter(text__contains=word)
    return rows.filter(models.Exists(entry))


def find(ctx: Ctx, query: str, *, per_kind: int = 6) -> list[tuple[str, int, list[SearchEntry]]]:
    """(kind, count, first entries) of what this person may see, in the order in which the kinds were offered.

    Nothing is counted beyond `MOST`: a count above it only says that there are more.
    """
    if not words_of(query):
        return []
    found = []
    for kind in SOURCES:
        mine = narrow(kinds()[kind].objects.visible_to(ctx), ctx.school.pk, query)
        ids = list(mine.order_by().values_list("pk", flat=True)[: MOST + 1])
        if ids:
            entries = SearchEntry.objects.filter(object_kind=kind, object_id__in=ids[:MOST]).order_by("title", "id")
            found.append((kind, len(ids), list(entries[:per_kind])))
    return found


def _matching(school_id: int, word: str) -> Any:
    """The entries whose index holds every bigram of the word, as characters or as initials."""
    pairs = list(bigrams(word))
    ways = [pairs] if not word.isascii() else [pairs, [f"z{pair}" for pair in pairs]]
    if connections["default"].vendor == "sqlite":
        either = " OR ".join("(" + " AND ".join(f'"{token}"' for token in way) + ")" for way in ways)
        found = RawSQL(
            "SELECT rowid FROM kernel_search WHERE kernel_search MATCH %s", [f'"s{school_id}" AND ({either})']
        )
        return models.Q(pk__in=found)
    either = " | ".join("(" + " & ".join(f"'{token}'" for token in way) + ")" for way in ways)
    sql = "array_to_tsvector(string_to_array(kernel_searchentry.grams, ' ')) @@ %s::tsquery"
    return RawSQL(sql, [f"'s{school_id}' & ({either})"], output_field=models.BooleanField())
