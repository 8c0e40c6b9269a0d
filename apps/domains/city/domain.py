"""What the city domain tells the platform about itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.core.domains import Domain

DOMAIN = Domain(slug="city", title=_("City"), owner="transport", icon="location_city", privacy={})
