"""Sentences are kept as message ids and parameters, longer than the text that is read."""

from __future__ import annotations

from django.db import migrations

import apps.core.sentences


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0001_sharing"),
    ]

    operations = [
        migrations.AlterField(
            model_name="notice",
            name="error",
            field=apps.core.sentences.SentenceField(blank=True, verbose_name="fault"),
        ),
    ]
