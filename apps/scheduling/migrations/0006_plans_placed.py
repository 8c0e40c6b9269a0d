"""Where each plan belongs: the division of its maker, else only the whole city sees it.

Published plans get theirs too, so their guard rests for that statement. Each division has a plan in force.
"""

from __future__ import annotations

from django.db import migrations, models

OF_MAKERS = """
ALTER TABLE scheduling_plan DISABLE TRIGGER scheduling_published;
UPDATE scheduling_plan AS plan SET division = division.code
    FROM accounts_user AS maker JOIN accounts_division AS division ON division.id = maker.division_id
    WHERE maker.id = plan.created_by_id;
ALTER TABLE scheduling_plan ENABLE TRIGGER scheduling_published;
"""


class Migration(migrations.Migration):
    """A column with the division of the maker."""

    dependencies = [("scheduling", "0005_sentences"), ("accounts", "0001_initial")]
    operations = [
        migrations.AddField(
            model_name="plan",
            name="division",
            field=models.CharField(default="000000", max_length=12, verbose_name="division code"),
        ),
        migrations.RunSQL(OF_MAKERS, migrations.RunSQL.noop),
        migrations.RemoveConstraint(model_name="plan", name="one_published"),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "published")),
                fields=("problem", "division"),
                name="one_published",
            ),
        ),
    ]
