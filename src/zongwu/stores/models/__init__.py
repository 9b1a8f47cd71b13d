"""What the storerooms keep and how it moves."""

from zongwu.stores.models.asking import Quota, Requisition, RequisitionLine
from zongwu.stores.models.books import BookLine, BookPlan, BookShare, Pack, PackLine, Textbook
from zongwu.stores.models.counting import StockCount, StockCountLine
from zongwu.stores.models.items import Balance, Item, Packing
from zongwu.stores.models.slips import Move, Slip

__all__ = [
    "Balance", "BookLine", "BookPlan", "BookShare", "Item", "Move", "Pack", "PackLine", "Packing", "Quota", "Requisition", "RequisitionLine", "Slip",
    "StockCount", "StockCountLine", "Textbook",
]  # fmt: skip
