"""The pages of orders and deliveries."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import django_filters as f

from zongwu.kernel import clock
from zongwu.kernel.ctx import Ctx
from zongwu.purchasing import actions, forms, queries
from zongwu.purchasing.models import Acceptance, AcceptanceLine, AcceptanceMember, Licence, Order, OrderLine
from zongwu.school.models import Supplier
from zongwu.ui import screens
from zongwu.ui.case_screens import TONES
from zongwu.ui.filters import Filters
from zongwu.ui.history import say
from zongwu.ui.screens import (
    Approval,
    Attachments,
    Column,
    Facts,
    History,
    Money,
    Number,
    Part,
    Print,
    Rows,
    Screens,
    View,
)


class OrderFilters(Filters):
    waiting = f.ChoiceFilter(
        label="到货", choices=[("open", "待到货"), ("late", "过了约定还没到")], method="is_waiting", empty_label="不限"
    )
    supplier = f.ModelChoiceFilter(
        label="供应商", queryset=lambda request: Supplier.objects.order_by("pinyin"), empty_label="不限"
    )

    class Meta:
        model = Order
        fields: list[str] = []

    def is_waiting(self, rows: Any, name: str, value: str) -> Any:
        return rows.late(clock.today()) if value == "late" else rows.open()


def _lines(ctx: Ctx, order: Order) -> Any:
    return OrderLine.objects.filter(order=order).select_related("line").order_by("seq")


def _deliveries(ctx: Ctx, order: Order) -> Any:
    return Acceptance.objects.filter(order=order).order_by("id")


ORDERS = Screens(
    model=Order, area="purchasing", name="orders", title="采购订单", icon="truck", read="purchasing.read_order", unit="张",
    blank="采购申请批了以后，在申请的页面「下单」，订单就到这里；货到了从订单「验收」。",
    columns=[
        Column("number", link=True, phone="line"), Column("title", phone="title"), Column("supplier", hidden=True), Column("buyer"), Column("ordered_on", sort=True, phone="line"), Column("due_on"),
        Money("amount", sort=True, total=True, phone="end"), Column("stage", label="进度", phone="line"), Column("contract_number", hidden=True), Column("invoice_number", hidden=True),
    ],
    default_order="-ordered_on", filters=OrderFilters, views=[View("全部", ""), View("待到货", "waiting=open"), View("过了约定还没到", "waiting=late")],
    detail=[
        Facts("订单", ["purchase", "supplier", "buyer", "ordered_on", "due_on", "contract_number", "invoice_number", Money("amount"), Column("stage", label="进度"), "closed_on", "closed_because"]),
        Rows("订了什么", [Column("line", label="品名", link=False), Number("quantity"), Column("line.unit", label="单位"), Money("price", label="单价（元）"), Number("accepted"),
              Number("open", label="还差")], _lines, most=200),
        Rows("验收单", [Column("number", link=True), Column("accepted_on"), Money("value"), Column("state", badge=TONES)], _deliveries, most=50),
        Attachments(), History(),
    ],
    prints=[Print("打印订单", "purchasing:order-paper", "printer", "purchasing.read_order")],
    forms={actions.note_papers: forms.PapersForm, actions.close_order: forms.CloseForm, actions.score_supplier: forms.ScoreForm},
)  # fmt: skip


def _arrived(ctx: Ctx, paper: Acceptance) -> Any:
    return AcceptanceLine.objects.filter(acceptance=paper).select_related("line__line").order_by("line__seq")


def _members(ctx: Ctx, paper: Acceptance) -> Any:
    return AcceptanceMember.objects.filter(acceptance=paper).select_related("person").order_by("person__pinyin")


ACCEPTANCES = Screens(
    model=Acceptance, area="purchasing", name="deliveries", title="到货验收", icon="package-import", read="purchasing.read_acceptance", unit="张",
    blank="货到了，从订单的页面「验收」：写到了多少、合格多少，请验收人签字；签完自动入库或建卡。",
    columns=[
        Column("number", link=True, phone="line"), Column("title", phone="title"), Column("order", hidden=True), Column("accepted_on", sort=True, phone="line"), Money("value", total=True, phone="end"),
        Column("applicant"), Column("slip", label="入库单"), Column("state", badge=TONES, phone="badge"),
    ],
    default_order="-accepted_on", views=[View("全部", "")],
    detail=[
        Approval(), Facts("验收", ["order", "accepted_on", "place", "looks", "works", "problems", "invoice_number", Money("value"), "applicant", "slip"]),
        Rows("到了什么", [Column("line.line", label="品名", link=False), Number("line.quantity", label="订"), Number("arrived"), Number("accepted"), Column("note")], _arrived, most=200),
        Rows("验收人", [Column("person", label="姓名", link=True)], _members, most=20),
        Attachments("照片和单据"), History(),
    ],
    forms={actions.accept_delivery: forms.AcceptForm, actions.drop_delivery: forms.DropForm},
    prints=[Print("打印验收单", "purchasing:delivery-paper", "printer", "purchasing.read_acceptance")],
)  # fmt: skip


class LicenceFilters(Filters):
    waiting = f.ChoiceFilter(
        label="有效期", choices=[("expiring", "快到期或已过期")], method="is_waiting", empty_label="不限"
    )

    class Meta:
        model = Licence
        fields: list[str] = []

    @classmethod
    def present(cls, rows: Any) -> Any:
        return rows.live()

    def is_waiting(self, rows: Any, name: str, value: str) -> Any:
        return rows.expiring(clock.today() + timedelta(days=30))


LICENCES = Screens(
    model=Licence, area="purchasing", name="licences", title="供应商证照", icon="file-certificate", read="purchasing.read_licence", unit="张",
    blank="营业执照、食品经营许可证……登记有效期，到期前一个月提醒。",
    columns=[Column("supplier", phone="line"), Column("name", link=True, phone="title"), Column("number"), Column("expires_on", phone="line"), Column("noted_on", sort=True)],
    default_order="-noted_on", filters=LicenceFilters, views=[View("全部", ""), View("快到期", "waiting=expiring")],
    detail=[Facts("证照", ["supplier", "name", "number", "expires_on", "noted_on"]), Attachments("扫描件"), History()],
    forms={actions.note_licence: forms.LicenceForm},
)  # fmt: skip
screens.register(ORDERS, ACCEPTANCES, LICENCES)


def _judged(ctx: Ctx, supplier: Supplier) -> dict[str, Any] | None:
    score = queries.score_of(supplier)
    return {"score": score} if score["n"] else None


def _licences(ctx: Ctx, supplier: Supplier) -> Any:
    rows = Licence.objects.visible_to(ctx) if ctx.may("purchasing.read_licence") else Licence.objects.none()
    return rows.live().filter(supplier=supplier).order_by("name")


def _of_supplier(ctx: Ctx, supplier: Supplier) -> Any:
    rows = Order.objects.visible_to(ctx) if ctx.may("purchasing.read_order") else Order.objects.none()
    return rows.filter(supplier=supplier).order_by("-ordered_on", "-id")


screens.add(
    Supplier, Part("评分", "purchasing/_score.html", _judged),
    Rows("证照", [Column("name", label="证照", link=True), Column("number"), Column("expires_on")], _licences, most=20),
    Rows("采购订单", [Column("number", link=True), Column("title", label="内容"), Column("ordered_on"), Money("amount"), Column("stage", label="进度")], _of_supplier, most=30),
)  # fmt: skip

say("licence.noted", "登记证照", icon="file-certificate", text="到 {expires_on}")
say("order.placed", "下单", icon="truck", tone="info", text="{amount_fen}")
say("order.papers", "登记合同和发票", icon="file-invoice")
say("order.closed", "了结订单", icon="ban", tone="warn")
say("order.scored", "给供应商评分", icon="checks", text="及时 {on_time}，质量 {quality}，服务 {service}")
say("delivery.looked_at", "到货验收", icon="package-import", tone="info", text="{value_fen}")
say("delivery.accepted", "验收签完，入账", icon="check", tone="ok")
say("delivery.dropped", "作废验收单", icon="ban")
