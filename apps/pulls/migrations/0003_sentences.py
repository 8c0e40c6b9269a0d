"""Sentences are kept as message ids and parameters, longer than the text that is read."""

from __future__ import annotations

from django.db import migrations

import apps.core.sentences


class Migration(migrations.Migration):
    dependencies = [
        ("pulls", "0002_conflicts"),
    ]

    operations = [
        migrations.AlterField(
            model_name="pullrun",
            name="message",
            field=apps.core.sentences.SentenceField(blank=True, verbose_name="message"),
        ),
    ]
