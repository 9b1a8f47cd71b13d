"""Search: one field for things, people, rooms, pages and deeds; a palette for Ctrl+K, a page without script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import CharField, Model
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils.html import conditional_escape, format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe

from zongwu.kernel import pinyin, refs, search
from zongwu.kernel.ctx import Ctx
from zongwu.ui import addresses, navigation
from zongwu.ui import screens as described
from zongwu.ui.request import SchoolRequest, page

PALETTE, FULL = 6, 30


@dataclass(frozen=True)
class Hit:
    """One thing that was found."""

    title: SafeString
    subtitle: SafeString
    url: str
    icon: str


@dataclass(frozen=True)
class Kind:
    """The hits of one kind."""

    label: str
    count: int
    hits: list[Hit]
    more: str = ""

    @property
    def many(self) -> str:
        """How many, as far as it is counted."""
        return f"{self.count}" if self.count <= search.MOST else f"{search.MOST}+"


@page()
def seek(request: SchoolRequest, ctx: Ctx) -> HttpResponse:
    words = request.GET.get("q", "").strip()[:60]
    fragment = request.headers.get("HX-Target") == "hits"
    kinds = list(_kinds(ctx, words, PALETTE if fragment else FULL)) if words else []
    given = {"words": words, "kinds": kinds, "count": sum(kind.count for kind in kinds)}
    return TemplateResponse(request, "ui/_hits.html" if fragment else "ui/search.html", given)


def _kinds(ctx: Ctx, words: str, per_kind: int) -> Iterator[Kind]:
    deeds = list(_deeds(ctx, words))
    if deeds:
        yield Kind("做事", len(deeds), deeds[:per_kind])
    if _NUMBER.fullmatch(words.upper()):
        yield from _numbered(ctx, words.upper())
    for kind, count, entries in search.find(ctx, words, per_kind=per_kind):
        model = refs.kinds()[kind]
        screens = described.of(model)
        icon = screens.icon if screens else "file-text"
        hits = [
            Hit(marked(entry.title, words), marked(entry.subtitle, words), _page(ctx, kind, entry.object_id), icon)
            for entry in entries
        ]
        more = ""
        if screens is not None and count > len(hits):
            more = addresses.list_url(ctx.school, screens, urlencode({"q": words}))
        yield Kind(str(model._meta.verbose_name), count, hits, more)


_NUMBER = re.compile(r"[A-Z]{2}(-[A-Z]{2})?-\d{4}-\d{1,6}")


def _numbered(ctx: Ctx, number: str) -> Iterator[Kind]:
    """The paper of this number, as it is printed: papers are too many and change too often for the index of words."""
    for kind, model in refs.kinds().items():
        screens = described.of(model)
        if screens is None or kind in search.SOURCES or not _has_number(model):
            continue
        if row := model.objects.visible_to(ctx).filter(number=number).first():
            url = addresses.ref_url(ctx.school, f"{kind}:{row.pk}")
            title = str(getattr(row, "title", "") or row)
            yield Kind(
                str(model._meta.verbose_name),
                1,
                [Hit(conditional_escape(title), marked(number, number), url, screens.icon)],
            )


def _has_number(model: type[Model]) -> bool:
    return any(isinstance(field, CharField) and field.name == "number" for field in model._meta.concrete_fields)


def _page(ctx: Ctx, kind: str, pk: int) -> str:
    return addresses.ref_url(ctx.school, f"{kind}:{pk}")


def _deeds(ctx: Ctx, words: str) -> Iterator[Hit]:
    """Pages that open and records that can be begun, found by their name or its initials."""
    for screens in described.SCREENS.values():
        for verb in screens.verbs():
            if verb.creates and ctx.may(verb.permission) and _names(verb.label, words):
                url = addresses.new_url(ctx.school, screens, verb.name)
                yield Hit(marked(verb.label, words), conditional_escape(screens.title), url, verb.icon or "plus")
    seen = set()
    for entry in navigation.for_(ctx, ""):
        for place in (entry, *entry.children):
            if place.url not in seen and _names(place.label, words):
                seen.add(place.url)
                area = "" if place is entry else entry.label
                yield Hit(marked(place.label, words), conditional_escape(area), place.url, place.icon)


def _names(label: str, words: str) -> bool:
    asked = search.squeeze(words)
    return bool(asked) and (asked in search.squeeze(label) or (asked.isascii() and asked in pinyin.initials(label)))


def marked(text: str, words: str) -> SafeString:
    """The text with what matched in `<mark>`: the words themselves, or the characters of which they are initials."""
    spans = sorted(span for word in words.split() if (span := _span(text, word)) is not None)
    parts, at = [], 0
    for start, end in spans:
        if start >= at:
            parts += [conditional_escape(text[at:start]), format_html("<mark>{}</mark>", text[start:end])]
            at = end
    return mark_safe("".join([*parts, conditional_escape(text[at:])]))


def _span(text: str, word: str) -> tuple[int, int] | None:
    start = text.lower().find(word.lower())
    if start >= 0:
        return start, start + len(word)
    if not word.isascii():
        return None
    firsts = [pinyin.initials(char)[:1] or " " for char in text]
    start = "".join(firsts).find(word.lower())
    return (start, start + len(word)) if start >= 0 else None
