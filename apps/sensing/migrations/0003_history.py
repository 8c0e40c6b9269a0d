from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("sensing", "0002_observation_partitions")]

    operations = []
