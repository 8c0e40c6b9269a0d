"""The observations: partitioned by month, one row a stream and time, a block range index on the time."""

from __future__ import annotations

from django.db import migrations

FORWARD = """
CREATE TABLE sensing_observation (
    datastream_id bigint NOT NULL,
    phenomenon_time timestamptz NOT NULL,
    result double precision,
    quality smallint NOT NULL DEFAULT 0,
    flags smallint NOT NULL DEFAULT 0,
    PRIMARY KEY (datastream_id, phenomenon_time)
) PARTITION BY RANGE (phenomenon_time);
CREATE INDEX sensing_observation_time ON sensing_observation USING brin (phenomenon_time);
"""


class Migration(migrations.Migration):
    dependencies = [("sensing", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, "DROP TABLE sensing_observation")]
