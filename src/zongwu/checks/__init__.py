"""Inspections (检查): what is looked at, where, how often and by whom; what was found, and what became of it."""
