"""The WSGI application, for waitress and granian."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zongwu.site.settings")
application = get_wsgi_application()
