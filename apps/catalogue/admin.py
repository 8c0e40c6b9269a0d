"""The toolkit's own admin pages are taken away: programs are kept on the developer page, tokens by nobody."""

from __future__ import annotations

from django.apps import apps
from django.contrib.admin import site

for model in apps.get_app_config("oauth2_provider").get_models():
    if site.is_registered(model):
        site.unregister(model)
