"""Every open row of the quarantine is found by its content, so that one sent again is shown once."""

from __future__ import annotations

import django.db.models.functions.comparison
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    """The index of open conflicts becomes one of all open rows."""

    dependencies = [("sensing", "0011_uploads_implausible")]
    operations = [
        migrations.RemoveIndex(model_name="quarantinedrow", name="open_conflicts"),
        migrations.AddIndex(
            model_name="quarantinedrow",
            index=models.Index(
                models.F("domain"),
                django.db.models.functions.text.MD5(
                    django.db.models.functions.comparison.Cast("row", models.TextField())
                ),
                condition=models.Q(("state", "open")),
                name="open_rows",
            ),
        ),
    ]
