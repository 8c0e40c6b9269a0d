"""What the plant domain tells the platform about itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.core.domains import Domain

DOMAIN = Domain(slug="plant", title=_("Plant"), owner="industry", icon="factory", privacy={})
