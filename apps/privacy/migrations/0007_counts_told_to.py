"""To whom each kept table of counts was told; what was kept before is known by its department alone."""

from __future__ import annotations

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    """A column of user ids."""

    dependencies = [("privacy", "0006_microdata")]
    operations = [
        migrations.AddField(
            model_name="countanswer",
            name="told_to",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), default=list, size=None, verbose_name="told to"
            ),
        )
    ]
