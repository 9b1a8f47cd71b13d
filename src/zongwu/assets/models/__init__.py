"""The register: cards and their spells, and the papers by which they change hands or leave."""

from zongwu.assets.models.cards import (
    EXACT_ENOUGH,
    ORDER_KEYS,
    Asset,
    AssetSpell,
    Condition,
    DepreciationCharge,
    DepreciationRun,
    Method,
    Precision,
    Procurement,
    Purpose,
    State,
    ValueType,
)
from zongwu.assets.models.disposal import Disposal, DisposalLine
from zongwu.assets.models.handover import Handover, HandoverLine
from zongwu.assets.models.stocktake import Scan, Stocktake, StocktakeItem, StocktakeRoom, Surplus

__all__ = [
    "EXACT_ENOUGH", "ORDER_KEYS", "Asset", "AssetSpell", "Condition", "DepreciationCharge", "DepreciationRun", "Disposal", "DisposalLine", "Handover", "HandoverLine", "Method",
    "Precision", "Procurement", "Purpose", "Scan", "State", "Stocktake", "StocktakeItem", "StocktakeRoom", "Surplus", "ValueType",
]  # fmt: skip
