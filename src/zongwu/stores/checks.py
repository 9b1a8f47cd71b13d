"""The storerooms' own examinations for `zongwu doctor`."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from zongwu.kernel.amounts import from_fen, from_thousandths, plain_quantity
from zongwu.kernel.doctor import Finding, check
from zongwu.kernel.scope import School

_AGREE = """
SELECT place, item, lot, SUM(quantity), SUM(value) FROM (
  SELECT to_place_id AS place, item_id AS item, lot, quantity, value FROM stores_move WHERE school_id = %s AND to_place_id IS NOT NULL
  UNION ALL
  SELECT from_place_id, item_id, lot, -quantity, -value FROM stores_move WHERE school_id = %s AND from_place_id IS NOT NULL
  UNION ALL
  SELECT place_id, item_id, lot, -quantity, -value FROM stores_balance WHERE school_id = %s
) AS every GROUP BY place, item, lot HAVING SUM(quantity) <> 0 OR SUM(value) <> 0 ORDER BY item, place LIMIT 20
"""


@check("stores.balances", "库存等于各笔进出之和")
def _balances(school: School) -> Iterator[Finding]:
    """In one pass over the moves: what came less what went is what lies there, in pieces and in fen."""
    with connection.cursor() as cursor:
        cursor.execute(_AGREE, [school.pk] * 3)
        for place, item, lot, quantity, value in cursor.fetchall():
            what = f"批次「{lot}」" if lot else ""
            yield Finding(
                "stores.balances", f"item:{item}",
                f"库房 place:{place} {what}账上和流水差 {plain_quantity(from_thousandths(quantity))}，金额差 {from_fen(value)} 元",
            )  # fmt: skip


_RETURNED = """
SELECT m.id, m.item_id FROM stores_move m JOIN (SELECT o.of_id, SUM(o.quantity) AS back FROM stores_move o LEFT JOIN stores_slip r ON r.reverses_id = o.slip_id WHERE o.school_id = %s
AND o.of_id IS NOT NULL AND r.id IS NULL GROUP BY o.of_id) b
ON b.of_id = m.id WHERE b.back > m.quantity LIMIT 20
"""


@check("stores.returns", "退回的不多于发出的")
def _returns(school: School) -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(_RETURNED, [school.pk])
        for pk, item in cursor.fetchall():
            yield Finding("stores.returns", f"item:{item}", f"第 {pk} 笔退回来的比发出的多")


_SLIPS = """
SELECT s.id, s.number FROM stores_slip s LEFT JOIN (SELECT slip_id, 
SUM(CASE WHEN from_place_id IS NULL THEN value WHEN to_place_id IS NULL THEN -value ELSE 0 END) AS sided,
SUM(CASE WHEN from_place_id IS NOT NULL AND to_place_id IS NOT NULL THEN value ELSE 0 END) AS inside FROM stores_move WHERE school_id = %s GROUP BY slip_id) m
ON m.slip_id = s.id WHERE s.school_id = %s AND s.value <> COALESCE(CASE WHEN s.form = 'receipt' THEN m.sided ELSE ABS(m.sided) END + m.inside, -1) LIMIT 20
"""


@check("stores.slips", "单据金额等于明细之和")
def _slips(school: School) -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(_SLIPS, [school.pk, school.pk])
        for pk, number in cursor.fetchall():
            yield Finding("stores.slips", f"slip:{pk}", f"{number} 的金额不等于各行之和")
