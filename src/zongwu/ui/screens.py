"""The pages of a domain, described once as a frozen value and drawn by the view functions of this package.

    ASSETS = Screens(
        model=Asset, area="assets", name="cards", title="资产台账", icon="package", read="assets.read_asset",
        columns=[Column("number", link=True, sort=True, phone="line"), Column("state", badge=TONES), Money("value")],
        filters=AssetFilters, default_order="-number",
        detail=[Facts("基本信息", ["category", "spec"]), Attachments(), History("一生")],
        forms={register_asset: RegisterForm},
    )
    register(ASSETS)

Labels come from `verbose_name`, badges from `TextChoices`, buttons from the action registry, export columns from
`columns`: each fact is written once. What a description cannot say is a hand-written view that uses the same parts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from inspect import Parameter, signature
from typing import Any, Literal

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.forms import BaseForm

from zongwu.kernel import roles
from zongwu.kernel.actions import ACTIONS, Action
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.scope import SchoolModel
from zongwu.ui.filters import Filters

Tone = Literal["neutral", "info", "doing", "warn", "bad", "ok", "back"]
Tones = Mapping[str, Tone]


@dataclass(frozen=True)
class Column:
    """One column of a list: a field, a property, or a path such as `place.keeper`."""

    name: str
    label: str = ""
    """By default the field's `verbose_name`."""
    link: bool = False
    """Opens the row."""
    sort: bool | str = False
    """Sortable by itself, or by the stored column named here: a pinyin key, a path."""
    sub: str = ""
    """A second attribute, shown small beneath."""
    badge: Tones | None = None
    """Code → tone of the chip. A code that is not named is neutral."""
    total: bool = False
    """Summed over everything that the filter leaves, not over the page. The field must be stored."""
    hidden: bool = False
    """Offered in the choice of columns, not shown until chosen."""
    low: bool = False
    """The first to go when the page is narrow."""
    needs: Sequence[str] = ()
    """Foreign keys that a property reads, fetched with the list."""
    phone: Literal["title", "line", "badge", "end"] | None = None
    """Its part on the card that a phone shows instead of the row."""

    @property
    def sort_field(self) -> str:
        """The stored column by which a click on the head sorts; empty when it does not."""
        return self.sort if isinstance(self.sort, str) else self.name if self.sort else ""

    @property
    def numeric(self) -> bool:
        return isinstance(self, Money | Number)


@dataclass(frozen=True)
class Money(Column):
    """Yuan: right-aligned, grouped, two decimals."""


@dataclass(frozen=True)
class Number(Column):
    """A count or quantity: right-aligned, without superfluous zeros."""


@dataclass(frozen=True)
class View:
    """A view that is shipped: a tab above the list, with the number of its rows."""

    title: str
    query: str


@dataclass(frozen=True)
class Facts:
    """A grid of label and value. An empty value is shown as a dash, so that a gap is seen."""

    title: str
    names: Sequence[str | Column]
    columns: Literal[1, 2, 3, 4] = 4
    side: bool = False
    gaps: bool = True
    """False leaves out what is empty: what most rows never have is no gap."""


@dataclass(frozen=True)
class People:
    """The persons who answer for a thing, side by side in the sheet above."""

    title: str
    names: Sequence[str]


@dataclass(frozen=True)
class Part:
    """A sheet of the domain's own: a template, and what it is given. None from `context` leaves the sheet out."""

    title: str
    template: str
    context: Callable[[Ctx, Any], Mapping[str, Any] | None]
    note: str = ""
    side: bool = False


@dataclass(frozen=True)
class Rows:
    """A short list of other rows that belong to this one."""

    title: str
    columns: Sequence[Column]
    rows: Callable[[Ctx, Any], models.QuerySet[Any]]
    empty: str = ""
    """What is said when there are none; without it the sheet is left out."""
    most: int = 20


@dataclass(frozen=True)
class Attachments:
    """Photographs and papers, with the button that adds one."""

    title: str = "附件"


@dataclass(frozen=True)
class History:
    """Everything that ever touched the row, from the journal."""

    title: str = "经过"


@dataclass(frozen=True)
class Approval:
    """The way of a document across the top, what others said, and what this person decides now."""

    title: str = "审批"


Sheet = Facts | People | Part | Rows | Attachments | History | Approval


@dataclass(frozen=True)
class Print:
    """A paper that can be printed for a row or for chosen rows: the named address takes `?ids=`."""

    label: str
    url: str
    icon: str = "printer"
    permission: str = ""
    available: Callable[[Any], bool] = lambda row: True
    """Whether there is something to print of this row."""


@dataclass(frozen=True, eq=False)
class Screens:
    """List, details, forms, bulk work and export of one model."""

    model: type[SchoolModel]
    area: str
    name: str
    title: str
    icon: str
    read: str
    columns: Sequence[Column]
    default_order: str
    filters: type[Filters] | None = None
    views: Sequence[View] = ()
    detail: Sequence[Sheet] = ()
    forms: Mapping[Callable[..., Any], type[BaseForm]] = field(default_factory=dict)
    quiet: Sequence[Callable[..., Any]] = ()
    """Verbs that a sheet offers where they belong, so that the head of the page does not."""
    prints: Sequence[Print] = ()
    imports: str = ""
    """Name of the transfer that reads this list from a spreadsheet."""
    ledger: bool = False
    """Exported with all the columns of that spreadsheet, as it is handed in, and not with those of the list."""
    unit: str = "条"
    """Measure word: 186 件."""
    blank: str = ""
    """What belongs here, said on the empty page."""

    @property
    def key(self) -> str:
        return f"{self.area}.{self.name}"

    @cached_property
    def by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    @cached_property
    def orders(self) -> dict[str, str]:
        """Sortable column → stored column."""
        return {column.name: column.sort_field for column in self.columns if column.sort}

    @cached_property
    def in_head(self) -> list[Action]:
        """The verbs that stand as buttons at the head of a row's page."""
        quiet = {verb_of(function).name for function in self.quiet}
        return [verb for verb in self.verbs() if not verb.creates and verb.name not in quiet]

    @cached_property
    def _forms(self) -> dict[str, type[BaseForm]]:
        return {verb_of(function).name: form for function, form in self.forms.items()}

    def form_of(self, verb: Action) -> type[BaseForm] | None:
        return self._forms.get(verb.name)

    @property
    def sheets(self) -> list[Sheet]:
        """The sheets of the details, its own and those that higher domains added."""
        return [*self.detail, *(one for one in ADDED.get(self.model, ()) if not isinstance(one, Print))]

    @property
    def papers(self) -> list[Print]:
        """What can be printed of the rows, its own and what higher domains added."""
        return [*self.prints, *(one for one in ADDED.get(self.model, ()) if isinstance(one, Print))]

    def verbs(self) -> Iterator[Action]:
        """The verbs of this model that are buttons: those that have a form here, or need nothing but the row."""
        for verb in ACTIONS.values():
            if verb.model is self.model and not verb.hidden and (verb.name in self._forms or not needs(verb)):
                yield verb

    def label(self, column: Column | str) -> str:
        """The column's own label, else the field's."""
        column = Column(column) if isinstance(column, str) else column
        if column.label:
            return column.label
        known = self.by_name.get(column.name)
        if known is not None and known.label:
            return known.label
        found = field_at(self.model, column.name)
        return str(found.verbose_name) if found is not None else ""

    def phone(self, part: str) -> list[Column]:
        return [column for column in self.columns if column.phone == part]

    def one(self, part: str) -> Column | None:
        return next(iter(self.phone(part)), None)


def verb_of(function: Callable[..., Any]) -> Action:
    """The registered verb behind an action function."""
    verb: Action = function.verb  # type: ignore[attr-defined]
    return verb


def needs(verb: Action) -> list[str]:
    """The keywords that the verb cannot do without."""
    parameters = signature(verb.run).parameters.values()
    return [p.name for p in parameters if p.kind is Parameter.KEYWORD_ONLY and p.default is Parameter.empty]


def field_at(model: type[models.Model], path: str) -> models.Field[Any, Any] | None:
    """The stored field at the end of a path of foreign keys; None for a property."""
    head, _, rest = path.partition(".")
    try:
        found = model._meta.get_field(head)
    except FieldDoesNotExist:
        return None
    if not isinstance(found, models.Field):
        return None
    if not rest:
        return found
    target = found.related_model
    return field_at(target, rest) if isinstance(target, type) else None


def joined(rows: models.QuerySet[Any], columns: Iterable[Column]) -> models.QuerySet[Any]:
    """The rows with the foreign keys that these columns follow, fetched in the same query."""
    paths = {_joins(rows.model, path) for column in columns for path in (column.name, column.sub, *column.needs)} - {""}
    return rows.select_related(*sorted(paths)) if paths else rows


def _joins(model: Any, path: str) -> str:
    followed: list[str] = []
    for name in path.split("."):
        found = next((field for field in model._meta.concrete_fields if field.name == name), None)
        if not isinstance(found, models.ForeignKey):
            break
        followed.append(name)
        model = found.related_model
    return "__".join(followed)


SCREENS: dict[str, Screens] = {}
ADDED: dict[type[models.Model], list[Sheet | Print]] = {}


def register(*described: Screens) -> None:
    """Called when a domain's `screens` module is imported, from its `ready()`."""
    for screens in described:
        assert SCREENS.get(screens.key, screens) is screens, f"{screens.key} is described twice"
        roles.name(screens.read, f"看{screens.title}")
        SCREENS[screens.key] = screens


def add(model: type[models.Model], *parts: Sheet | Print) -> None:
    """Put sheets and papers of a higher domain on the pages of a lower one: the assets of a room, the code for its door."""
    ADDED.setdefault(model, []).extend(parts)


def of(model: type[models.Model]) -> Screens | None:
    """The screens that show this model."""
    return next((screens for screens in SCREENS.values() if screens.model is model), None)
