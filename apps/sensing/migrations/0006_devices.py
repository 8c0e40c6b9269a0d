"""Accounts of devices and readers at the MQTT broker."""

from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

KINDS = [("device", "device: publishes its readings"), ("reader", "reader: follows new observations")]


class Migration(migrations.Migration):
    dependencies = [("sensing", "0005_sensorthings"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name="Device",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("domain", models.CharField(max_length=16, verbose_name="domain")),
                (
                    "code",
                    models.CharField(
                        help_text="For a device, the code of its thing.", max_length=80, verbose_name="code"
                    ),
                ),
                ("kind", models.CharField(choices=KINDS, default="device", max_length=8, verbose_name="kind")),
                ("active", models.BooleanField(default=True, verbose_name="active")),
                ("online", models.BooleanField(default=False, verbose_name="online")),
                ("seen_at", models.DateTimeField(blank=True, null=True, verbose_name="last heard")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="created by",
                    ),
                ),
            ],
            options={
                "verbose_name": "device account",
                "verbose_name_plural": "device accounts",
                "ordering": ["domain", "code"],
                "constraints": [
                    models.UniqueConstraint(fields=("domain", "code", "kind"), name="account_once_a_device")
                ],
            },
        ),
    ]
