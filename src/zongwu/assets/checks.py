"""The register's own examinations for `zongwu doctor`."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django.db.models import Count, Exists, F, OuterRef, Q, Sum, Value
from django.db.models.functions import Coalesce

from zongwu.assets.models import ORDER_KEYS, Agreement, Asset, AssetSpell, Damage, Placement, Rollout
from zongwu.assets.steps import SPELL
from zongwu.kernel.doctor import Finding, check
from zongwu.kernel.scope import School


@check("assets.spells", "资产卡片的时段首尾相接")
def _spells(school: School) -> Iterator[Finding]:
    """Spells of a card run 1, 2, 3… without gap or overlap, the last is open and says what the card says."""
    last: AssetSpell | None = None
    for spell in AssetSpell.objects.select_related("asset").order_by("asset_id", "seq").iterator(chunk_size=2000):
        if last is None or last.asset_id != spell.asset_id:
            if spell.seq != 1:
                yield Finding("assets.spells", f"asset:{spell.asset_id}", "第一段不见了")
        elif (spell.seq, spell.from_on) != (last.seq + 1, last.until_on):
            yield Finding("assets.spells", f"asset:{spell.asset_id}", f"第 {last.seq} 段与下一段接不上")
        if spell.until_on is None and any(getattr(spell, name) != getattr(spell.asset, name) for name in SPELL):
            yield Finding("assets.spells", f"asset:{spell.asset_id}", "卡片现状与最后一段不一致")
        last = spell
    lonely = Asset.objects.annotate(n=Count("spells", filter=Q(spells__until_on=None))).exclude(n=1)
    for pk in lonely.values_list("pk", flat=True)[:20]:
        yield Finding("assets.spells", f"asset:{pk}", "卡片没有正在进行的时段")


@check("assets.depreciation", "累计折旧等于各月之和")
def _depreciation(school: School) -> Iterator[Finding]:
    sums = Asset.objects.annotate(charged=Sum("charges__amount", default=0), months=Sum("charges__months", default=0))
    for card in sums.exclude(accumulated=F("charged"), months_taken=F("months"))[:20]:
        what = f"累计 {card.accumulated}、{card.months_taken} 个月，各月之和 {card.charged}、{card.months} 个月"
        yield Finding("assets.depreciation", f"asset:{card.pk}", what)
    for card in Asset.objects.filter(quantity__lte=Decimal(0))[:20]:
        yield Finding("assets.depreciation", f"asset:{card.pk}", "数量不是正数")


@check("assets.order", "台账的排序跟着地点、部门和保管人走")
def _order(school: School) -> Iterator[Finding]:
    for key, link in ORDER_KEYS.items():
        name = f"{link.removesuffix('_id')}__{key.rpartition('_')[2]}"
        stale = Asset.objects.annotate(now=Coalesce(name, Value(""))).exclude(now=F(key))
        for pk in stale.values_list("pk", flat=True)[:20]:
            yield Finding("assets.order", f"asset:{pk}", "排序用的名称不是现在的名称")


@check("assets.damages", "已赔等于各笔收款之和")
def _damages(school: School) -> Iterator[Finding]:
    sums = Damage.objects.annotate(taken=Sum("payments__amount", filter=Q(payments__cancelled_on=None), default=0))
    for damage in sums.exclude(paid=F("taken"))[:20]:
        yield Finding("assets.damages", f"damage:{damage.pk}", f"已赔 {damage.paid}，各笔之和 {damage.taken}")


@check("assets.agreements", "责任书的原值等于清单之和")
def _agreements(school: School) -> Iterator[Finding]:
    for one in Agreement.objects.annotate(listed=Sum("lines__value", default=0)).exclude(value=F("listed"))[:20]:
        yield Finding("assets.agreements", f"agreement:{one.pk}", f"原值 {one.value}，清单之和 {one.listed}")


@check("assets.rollouts", "装完的配发已经结束")
def _rollouts(school: School) -> Iterator[Finding]:
    left = Placement.objects.filter(rollout=OuterRef("pk"), placed_on=None, dropped_on=None)
    for one in Rollout.objects.filter(~Exists(left), state=Rollout.State.RUNNING)[:20]:
        yield Finding("assets.rollouts", f"rollout:{one.pk}", "都装好了，却还写着配发中")
