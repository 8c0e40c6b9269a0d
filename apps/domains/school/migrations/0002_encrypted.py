from django.db import migrations
from apps.core.encryption.fields import EncryptedDateField, EncryptedTextField
from apps.core.encryption.migrating import columns_encrypt


class Migration(migrations.Migration):
    """What tells who somebody is, and how he fares, is encrypted; rows that exist are encrypted here."""

    dependencies = [("school", "0001_initial")]
    operations = [
        *columns_encrypt(
            "school.Teacher",
            {"phone": EncryptedTextField(verbose_name="telephone", max_length=20, blank=True)},
            {"phone_index": "phone"},
        ),
        *columns_encrypt(
            "school.Student",
            {
                "name": EncryptedTextField(verbose_name="name", max_length=80),
                "birth_date": EncryptedDateField(verbose_name="date of birth", null=True, blank=True),
                "guardian_phone": EncryptedTextField(verbose_name="guardian's telephone", max_length=20, blank=True),
            },
            {"guardian_phone_index": "guardian_phone"},
        ),
    ]
