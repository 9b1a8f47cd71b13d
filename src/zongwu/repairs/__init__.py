"""Repairs (报修 / 派工): from a plate on the wall to what it cost."""
