"""The register: cards and their spells, and the papers by which they change hands or leave."""

from zongwu.assets.models.cards import (
    AT_HAND,
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
from zongwu.assets.models.custody import Agreement, AgreementLine, Finding, RoomCheck
from zongwu.assets.models.damage import Damage, Payment, Price
from zongwu.assets.models.disposal import Disposal, DisposalLine
from zongwu.assets.models.handover import Handover, HandoverLine
from zongwu.assets.models.reconciliation import Mismatch, Reconciliation
from zongwu.assets.models.request import ItemRequest
from zongwu.assets.models.rollout import Placement, Rollout
from zongwu.assets.models.stocktake import Scan, Stocktake, StocktakeItem, StocktakeRoom, Surplus

__all__ = [
    "AT_HAND", "EXACT_ENOUGH", "ORDER_KEYS", "Agreement", "AgreementLine", "Asset", "AssetSpell", "Condition", "Damage", "DepreciationCharge", "DepreciationRun", "Disposal", "DisposalLine", "Finding",
    "Handover", "HandoverLine", "ItemRequest", "Method", "Mismatch", "Payment", "Placement", "Precision", "Price", "Procurement", "Purpose", "Reconciliation", "Rollout", "RoomCheck", "Scan", "State",
    "Stocktake", "StocktakeItem", "StocktakeRoom", "Surplus", "ValueType",
]  # fmt: skip
