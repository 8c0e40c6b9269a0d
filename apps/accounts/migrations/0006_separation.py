"""The database itself keeps the three offices apart from each other and from business roles."""

from __future__ import annotations

from django.db import migrations

FORWARD = """
CREATE FUNCTION accounts_separate() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    new_office text;
BEGIN
    IF NEW.valid_until IS NOT NULL AND NEW.valid_until <= now() THEN
        RETURN NEW;
    END IF;
    PERFORM 1 FROM accounts_user WHERE id = NEW.user_id FOR UPDATE;
    SELECT office INTO new_office FROM accounts_role WHERE id = NEW.role_id;
    IF EXISTS (
        SELECT 1 FROM accounts_rolegrant held JOIN accounts_role role ON role.id = held.role_id
        WHERE held.user_id = NEW.user_id AND held.id <> NEW.id AND held.role_id <> NEW.role_id
          AND (held.valid_until IS NULL OR held.valid_until > now())
          AND (new_office <> '' OR role.office <> '')
    ) THEN
        RAISE EXCEPTION 'an administrator holds no other role' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER accounts_separate BEFORE INSERT OR UPDATE ON accounts_rolegrant
    FOR EACH ROW EXECUTE FUNCTION accounts_separate();
"""
BACKWARD = """
DROP TRIGGER accounts_separate ON accounts_rolegrant;
DROP FUNCTION accounts_separate();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_seals")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
