"""Sentences are kept as message ids and parameters, longer than the text that is read."""

from __future__ import annotations

from django.db import migrations

import apps.core.sentences


class Migration(migrations.Migration):
    dependencies = [
        ("archive", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="backup",
            name="message",
            field=apps.core.sentences.SentenceField(blank=True, verbose_name="message"),
        ),
        migrations.AlterField(
            model_name="drillreport",
            name="message",
            field=apps.core.sentences.SentenceField(blank=True, verbose_name="message"),
        ),
    ]
