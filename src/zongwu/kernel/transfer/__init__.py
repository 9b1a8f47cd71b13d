"""One importer and one exporter for every domain, driven by the domains' `sheets.py`."""
