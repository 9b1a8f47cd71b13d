"""The summary's pages are its own (`views.py`); see there."""
