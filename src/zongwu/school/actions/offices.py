"""Departments and suppliers: whom the school works through and whom it deals with."""

from __future__ import annotations

from datetime import date
from typing import Any

from zongwu.kernel import pinyin
from zongwu.kernel.actions import action, create_action
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Refused
from zongwu.school import ties
from zongwu.school.actions._asking import day_of_act, unused
from zongwu.school.models import Department, Supplier


def is_open(row: Any) -> bool:
    return row.closed_on is None


def is_closed(row: Any) -> bool:
    return row.closed_on is not None


@create_action(Department, label="添部门", permission="school.manage_departments", icon="plus", primary=True)
def add_department(ctx: Ctx, *, name: str, aliases: str = "") -> Department:
    """A department; its aliases are recognised in imports."""
    unused(Department, "name", name, f"已经有「{name}」这个部门了。")
    row: Department = Department.objects.create(
        school=ctx.school, name=name, pinyin=pinyin.sort_key(name), aliases=aliases
    )
    ctx.journal(row, "department.added")
    return row


@action(Department, label="改资料", permission="school.manage_departments", icon="edit")
def correct_department(ctx: Ctx, department: Department, *, name: str, aliases: str = "") -> Department:
    """Another name or other aliases; what points to the department follows."""
    unused(Department, "name", name, f"已经有「{name}」这个部门了。", other_than=department)
    department.name, department.aliases, department.pinyin = name, aliases, pinyin.sort_key(name)
    department.save()
    ties.follow(ctx, Department, [department.pk])
    ctx.journal(department, "department.corrected")
    return department


@action(Department, label="撤销", permission="school.manage_departments", icon="ban", available=is_open,
        refusal="{row} 已经撤销。", confirm="撤销后不能再选这个部门；以前的记录都还在，随时可以恢复。")  # fmt: skip
def close_department(ctx: Ctx, department: Department, *, on: date) -> Department:
    """No longer a department of the school.

    :raises Refused: people hold posts in it, or something else still hangs on it.
    """
    day_of_act(ctx, on, ctx.school.opened_on, "建账")
    if still := ties.on(department):
        raise Refused(f"{department} {'；'.join(still)}，请先办好再撤销。")
    department.closed_on = on
    department.save(update_fields=["closed_on"])
    ctx.journal(department, "department.closed", on=on)
    return department


@action(Department, label="恢复", permission="school.manage_departments", icon="arrow-back-up", available=is_closed,
        refusal="{row} 没有撤销。")  # fmt: skip
def reopen_department(ctx: Ctx, department: Department) -> Department:
    """The department is there again."""
    department.closed_on = None
    department.save(update_fields=["closed_on"])
    ctx.journal(department, "department.reopened")
    return department


@create_action(Supplier, label="添供应商", permission="school.manage_suppliers", icon="plus", primary=True)
def add_supplier(ctx: Ctx, *, name: str, **fields: Any) -> Supplier:
    """Whoever the school buys from or has work done by."""
    unused(Supplier, "name", name, f"已经有「{name}」了。")
    row: Supplier = Supplier.objects.create(school=ctx.school, name=name, pinyin=pinyin.sort_key(name), **fields)
    ctx.journal(row, "supplier.added")
    return row


@action(Supplier, label="改资料", permission="school.manage_suppliers", icon="edit")
def correct_supplier(ctx: Ctx, supplier: Supplier, *, name: str, **fields: Any) -> Supplier:
    """Correct what is kept of a supplier."""
    unused(Supplier, "name", name, f"已经有「{name}」了。", other_than=supplier)
    supplier.name, supplier.pinyin = name, pinyin.sort_key(name)
    for field, value in fields.items():
        setattr(supplier, field, value)
    supplier.save()
    ctx.journal(supplier, "supplier.corrected")
    return supplier


@action(Supplier, label="停用", permission="school.manage_suppliers", icon="ban", available=is_open,
        refusal="{row} 已经停用。", confirm="停用后买东西时不能再选这家；以前的记录都还在，随时可以恢复。")  # fmt: skip
def close_supplier(ctx: Ctx, supplier: Supplier, *, on: date, reason: str = "") -> Supplier:
    """The school deals with it no longer; what it supplied stays on record."""
    day_of_act(ctx, on, ctx.school.opened_on, "建账")
    supplier.closed_on = on
    supplier.save(update_fields=["closed_on"])
    ctx.journal(supplier, "supplier.closed", on=on, detail={"原因": reason})
    return supplier


@action(Supplier, label="恢复", permission="school.manage_suppliers", icon="arrow-back-up", available=is_closed,
        refusal="{row} 没有停用。")  # fmt: skip
def reopen_supplier(ctx: Ctx, supplier: Supplier) -> Supplier:
    """The school deals with it again."""
    supplier.closed_on = None
    supplier.save(update_fields=["closed_on"])
    ctx.journal(supplier, "supplier.reopened")
    return supplier
