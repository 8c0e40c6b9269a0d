"""A key may reach more than one domain, and its scopes name what it may write."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_separation")]

    operations = [
        migrations.AddField(
            model_name="apikey",
            name="further_domains",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=16),
                blank=True,
                default=list,
                size=None,
                verbose_name="further domains",
            ),
        ),
        migrations.AlterField(
            model_name="apikey",
            name="scopes",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=60), default=list, size=None, verbose_name="scopes"
            ),
        ),
    ]
