"""What the school domain tells the platform about itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.core.domains import Domain

DOMAIN = Domain(slug="school", title=_("School"), owner="education", icon="school", privacy={})
