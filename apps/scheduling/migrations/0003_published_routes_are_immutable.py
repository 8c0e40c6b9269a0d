"""A published plan keeps its routes and stops too, and its state only moves on to superseded."""

from __future__ import annotations

from django.db import migrations

FORWARD = """
CREATE FUNCTION scheduling_keep_routes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    plan bigint;
BEGIN
    IF TG_TABLE_NAME = 'scheduling_planstop' THEN
        SELECT plan_id INTO plan FROM scheduling_planroute
            WHERE id = CASE TG_OP WHEN 'INSERT' THEN NEW.route_id ELSE OLD.route_id END;
    ELSE
        plan := CASE TG_OP WHEN 'INSERT' THEN NEW.plan_id ELSE OLD.plan_id END;
    END IF;
    PERFORM 1 FROM scheduling_plan WHERE id = plan AND state IN ('published', 'superseded');
    IF FOUND THEN
        RAISE EXCEPTION 'a published plan is immutable';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER scheduling_routes BEFORE INSERT OR UPDATE OR DELETE ON scheduling_planroute
    FOR EACH ROW EXECUTE FUNCTION scheduling_keep_routes();
CREATE TRIGGER scheduling_stops BEFORE INSERT OR UPDATE OR DELETE ON scheduling_planstop
    FOR EACH ROW EXECUTE FUNCTION scheduling_keep_routes();
CREATE FUNCTION scheduling_keep_state() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a published plan is superseded, never taken back';
END $$;
CREATE TRIGGER scheduling_state BEFORE UPDATE OF state ON scheduling_plan FOR EACH ROW
    WHEN (OLD.state IN ('published', 'superseded') AND NEW.state <> 'superseded' AND NEW.state <> OLD.state)
    EXECUTE FUNCTION scheduling_keep_state();
"""
BACKWARD = """
DROP TRIGGER scheduling_state ON scheduling_plan;
DROP FUNCTION scheduling_keep_state();
DROP TRIGGER scheduling_stops ON scheduling_planstop;
DROP TRIGGER scheduling_routes ON scheduling_planroute;
DROP FUNCTION scheduling_keep_routes();
"""


class Migration(migrations.Migration):
    dependencies = [("scheduling", "0002_published_is_immutable")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
