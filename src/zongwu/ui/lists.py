"""The list of a screen: filter, order and page stand in the query string, so that an address is a view of the rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from django.db.models import QuerySet, Sum
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from zongwu.kernel import search
from zongwu.kernel.actions import ACTIONS, Action
from zongwu.kernel.ctx import Ctx
from zongwu.ui import addresses, cells, forms, paging, rows
from zongwu.ui import screens as described
from zongwu.ui.actions import PAGE_LENGTHS
from zongwu.ui.filters import Filters
from zongwu.ui.models import ListChoice, SavedView
from zongwu.ui.request import Page, SchoolRequest, page
from zongwu.ui.screens import Column, Print, Screens, joined

STATE = ("o", "after", "before", "p", "part", "ids", "all", "peek")
"""Parameters that are about the page, not about which rows."""


@dataclass(frozen=True)
class Chip:
    """One condition in force, and the address without it."""

    label: str
    text: str
    without: str


@dataclass(frozen=True)
class Tab:
    """A saved view above the list."""

    title: str
    query: str
    current: bool
    shared: bool = False
    pk: int = 0
    mine: bool = False


@dataclass(frozen=True)
class Head:
    """A column's head: how a click sorts, and the filter that narrows it."""

    column: Column
    label: str
    look: str
    sort: str = ""
    direction: str = ""
    filter_id: str = ""
    filtered: bool = False


class Listing:
    """One person's view of a screen's rows, read from a query string. Queries run only when something is drawn."""

    def __init__(self, screens: Screens, ctx: Ctx, query: QueryDict, request: HttpRequest | None = None) -> None:
        self.screens, self.ctx, self.query, self.request = screens, ctx, query, request

    @cached_property
    def filters(self) -> Filters:
        """The conditions with their form: only where `narrowable`, and best only where something is asked."""
        assert self.screens.filters is not None
        visible = self.screens.model.objects.visible_to(self.ctx)
        return self.screens.filters(data=self.conditions, queryset=visible, request=self.request)

    @property
    def narrowable(self) -> bool:
        return self.screens.filters is not None

    @property
    def asked(self) -> bool:
        return self.screens.filters is not None and self.screens.filters.asked(self.query)

    @property
    def wrong(self) -> dict[str, list[str]]:
        """Sentences about conditions that could not be understood and were left out."""
        return dict(self.filters.form.errors) if self.asked else {}

    @cached_property
    def rows(self) -> QuerySet[Any]:
        """Every row that the conditions leave, without order."""
        found: QuerySet[Any] = self.screens.model.objects.visible_to(self.ctx)
        if self.asked:
            found = self.filters.qs
        elif self.screens.filters is not None:
            found = self.screens.filters.present(found)
        if self.words:
            found = search.narrow(found, self.ctx.school.pk, self.words)
        return found

    @property
    def words(self) -> str:
        return self.query.get("q", "").strip() if self.searchable else ""

    @property
    def searchable(self) -> bool:
        return self.screens.model.kind in search.SOURCES

    @property
    def order(self) -> str:
        """Stored column with its direction; anything not offered falls back to the default."""
        asked = self.query.get("o", "")
        column = self.screens.orders.get(asked.lstrip("-"))
        if column is None:
            return self._stored(self.screens.default_order)
        return f"-{column}" if asked.startswith("-") else column

    def _stored(self, order: str) -> str:
        sign = "-" if order.startswith("-") else ""
        name = order.lstrip("-")
        return sign + self.screens.orders.get(name, name)

    @cached_property
    def choice(self) -> ListChoice | None:
        found: ListChoice | None = ListChoice.objects.filter(person=self.ctx.person, screen=self.screens.key).first()
        return found

    @cached_property
    def columns(self) -> list[Column]:
        """The columns that this person wants; a phone's title and the link are never lost."""
        known = self.screens.by_name
        wanted = [known[name] for name in self.choice.columns if name in known] if self.choice else []
        if not wanted:
            return [column for column in self.screens.columns if not column.hidden]
        return wanted if any(c.link for c in wanted) else [next(c for c in self.screens.columns if c.link), *wanted]

    @property
    def length(self) -> int:
        return self.choice.page_length if self.choice and self.choice.page_length in PAGE_LENGTHS else 50

    @cached_property
    def page(self) -> paging.Page:
        def shown(found: QuerySet[Any]) -> QuerySet[Any]:
            return joined(found, self.columns)

        after, before = self.query.get("after", ""), self.query.get("before", "")
        if self.narrowed:
            return paging.page_of(self.rows, self.order, self.length, after=after, before=before, joined=shown)
        return paging.page_of(shown(self.rows), self.order, self.length, after=after, before=before)

    @property
    def narrowed(self) -> bool:
        """Whether these are some of the school's rows: by a condition, a word, or what the person may see."""
        return self.asked or bool(self.words) or "school" not in self.ctx.spans(self.screens.read)

    @property
    def number(self) -> int:
        asked = self.query.get("p", "1")
        return max(int(asked), 1) if asked.isdecimal() and len(asked) < 8 else 1

    def address(self, **changes: str) -> str:
        """This list's query string with some parameters changed; an empty value takes one away."""
        kept = [(name, value) for name, value in self._kept if name not in changes]
        return urlencode([*kept, *((name, value) for name, value in changes.items() if value)])

    @cached_property
    def _kept(self) -> list[tuple[str, str]]:
        """What an address of this list repeats: all but the place within it."""
        passing = ("after", "before", "p", "part", "ids", "all")
        return [(name, value) for name, values in self.query.lists() if name not in passing for value in values]

    @cached_property
    def conditions(self) -> QueryDict:
        """What narrows the rows: no order, no page, nothing empty."""
        kept = QueryDict(mutable=True)
        for name, values in _narrowing(self.query).items():
            kept.setlist(name, values)
        return kept

    @cached_property
    def chips(self) -> list[Chip]:
        shown = [Chip("搜", self.words, self.address(q=""))] if self.words else []
        if not self.asked:
            return shown
        for name, field in self.filters.form.fields.items():
            given = [value for value in self.query.getlist(name) if value]
            if given and name not in self.wrong:
                shown.append(Chip(str(field.label or name), forms.spoken(field, given), self.address(**{name: ""})))
        return shown

    @cached_property
    def tabs(self) -> list[Tab]:
        """The shipped views, with 全部 among them, then those that people saved."""
        shipped = [(view.title, view.query) for view in self.screens.views]
        if "" not in (query for _, query in shipped):
            shipped.insert(0, ("全部", ""))
        tabs = [Tab(title, query, self._is(query)) for title, query in shipped]
        person = self.ctx.person.pk if self.ctx.person else 0
        for saved in SavedView.objects.visible_to(self.ctx).filter(screen=self.screens.key).order_by("id"):
            mine = saved.person_id == person
            tabs.append(Tab(saved.name, saved.query, self._is(saved.query), saved.shared, saved.pk, mine))
        return tabs

    def _is(self, query: str) -> bool:
        return _conditions_of(query) == dict(self.conditions.lists())

    @cached_property
    def heads(self) -> list[Head]:
        return [self._head(column) for column in self.columns]

    def _head(self, column: Column) -> Head:
        asked = self.query.get("o", "") or self.screens.default_order
        narrowed = self.screens.filters.base_filters if self.screens.filters is not None else {}
        direction = ""
        if column.sort and asked.lstrip("-") == column.name:
            direction = "descending" if asked.startswith("-") else "ascending"
        upward = direction == "descending" or (not direction and not column.numeric)
        return Head(
            column=column, label=self.screens.label(column), look=rows.look(self.screens, column), direction=direction,
            sort=self.address(o=column.name if upward else f"-{column.name}") if column.sort else "",
            filter_id=f"id_{column.name}" if column.name in narrowed else "",
            filtered=any(self.query.getlist(column.name)),
        )  # fmt: skip

    @cached_property
    def bulk(self) -> list[Action]:
        """The verbs with which this person may work on several chosen rows."""
        return [verb for verb in self.screens.verbs() if verb.bulk and self.ctx.may(verb.permission)]

    @cached_property
    def gathers(self) -> list[tuple[Action, str]]:
        """What can be begun with several chosen rows: a document over them, with its address."""
        kind = self.screens.model.kind
        found = []
        for verb in ACTIONS.values():
            above = described.of(verb.model) if verb.creates and kind in verb.starts_from and not verb.hidden else None
            if above is not None and self.ctx.may(verb.permission):
                found.append((verb, addresses.new_url(self.ctx.school, above, verb.name)))
        return found

    @cached_property
    def prints(self) -> list[tuple[Print, str]]:
        """The papers that he may print for chosen rows, with their addresses."""
        papers = [(paper, addresses.named(self.ctx.school, paper.url)) for paper in self.screens.papers]
        return [(one, url) for one, url in papers if url and (not one.permission or self.ctx.may(one.permission))]

    @property
    def pickable(self) -> bool:
        """Whether the rows have boxes to tick."""
        return bool(self.bulk or self.prints or self.gathers)

    @property
    def summed(self) -> list[Column]:
        return [column for column in self.screens.columns if column.total]

    def totals(self) -> dict[str, str]:
        """The sums over everything that the conditions leave, by column name."""
        if not self.summed:
            return {}
        sums = self.rows.order_by().aggregate(**{column.name: Sum(column.name) for column in self.summed})
        return {column.name: cells.write(sums[column.name] or 0, column) for column in self.summed}

    @property
    def drawn(self) -> SafeString:
        """The rows of the page."""
        return rows.table_rows(self.ctx.school, self.screens, self.columns, self.page.rows, pickable=self.pickable)


def _narrowing(query: QueryDict) -> dict[str, list[str]]:
    narrowing = {name: list(filter(None, values)) for name, values in query.lists() if name not in STATE}
    return {name: values for name, values in narrowing.items() if values}


@lru_cache(maxsize=1000)
def _conditions_of(query: str) -> dict[str, list[str]]:
    """What a saved view narrows; the same few are compared on every page."""
    return _narrowing(QueryDict(query))


def list_view(screens: Screens) -> Page:
    """The list as a page, and its parts as fragments: the rows, the totals."""

    @page(screens.read)
    def view(request: SchoolRequest, ctx: Ctx) -> HttpResponse:
        listing = Listing(screens, ctx, request.GET, request)
        part = request.GET.get("part", "") if request.headers.get("HX-Request") else ""
        template = {"totals": "ui/_totals.html", "tabs": "ui/_tabs.html", "conditions": "ui/_conditions.html"}.get(
            part, ""
        )
        if not template:
            template = "ui/_list.html" if request.headers.get("HX-Target") == "list" else "ui/list.html"
        return TemplateResponse(request, template, {"listing": listing, "screens": screens, **_around(listing, part)})

    return view


def _around(listing: Listing, part: str) -> dict[str, Any]:
    if part == "totals" or listing.query.get("sums"):
        return {"count": paging.capped_count(listing.rows), "totals": listing.totals()}
    if part == "tabs":
        return {"counted": _counted(listing)}
    return toolbar(listing)


def _counted(listing: Listing) -> Sequence[tuple[Tab, str]]:
    counted = []
    for tab in listing.tabs:
        narrowed = Listing(listing.screens, listing.ctx, QueryDict(tab.query), listing.request).rows
        counted.append((tab, paging.capped_count(narrowed)))
    return counted


def toolbar(listing: Listing) -> dict[str, Any]:
    """What can be done with the list: make, import, print, choose."""
    screens, ctx = listing.screens, listing.ctx
    creating = [verb for verb in screens.verbs() if verb.creates and ctx.may(verb.permission)]
    school = ctx.school
    return {
        "creating": [(verb, addresses.new_url(school, screens, verb.name)) for verb in creating],
        "bulk": [(verb, addresses.bulk_url(school, screens, verb.name)) for verb in listing.bulk],
        "import_url": addresses.import_url(ctx, screens),
        "export_url": addresses.export_url(school, screens),
        "lengths": PAGE_LENGTHS,
        "column_choice": [(column, screens.label(column), column in listing.columns) for column in screens.columns],
    }  # fmt: skip
