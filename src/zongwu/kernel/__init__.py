"""The bottom floor: what every domain stands on. No HTTP, no HTML."""
