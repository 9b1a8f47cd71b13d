"""What the storerooms keep and how it moves."""

from zongwu.stores.models.asking import Quota, Requisition, RequisitionLine
from zongwu.stores.models.items import Balance, Item, Packing
from zongwu.stores.models.slips import Move, Slip

__all__ = ["Balance", "Item", "Move", "Packing", "Quota", "Requisition", "RequisitionLine", "Slip"]
