"""Rows that came by SensorThings were kept under a name that the list's filter does not know."""

from __future__ import annotations

from typing import Any

from django.db import migrations


def rename(apps: Any, _editor: Any) -> None:
    """``sta`` becomes the declared ``sensorthings``."""
    apps.get_model("sensing", "QuarantinedRow").objects.filter(door="sta").update(door="sensorthings")


class Migration(migrations.Migration):
    dependencies = [("sensing", "0012_open_rows")]
    operations = [migrations.RunPython(rename, migrations.RunPython.noop)]
