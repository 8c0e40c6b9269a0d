from django.db import migrations
from apps.core.encryption.fields import EncryptedDateField, EncryptedTextField
from apps.core.encryption.migrating import columns_encrypt


class Migration(migrations.Migration):
    """What tells who somebody is, and how he fares, is encrypted; rows that exist are encrypted here."""

    dependencies = [("city", "0001_initial")]
    operations = [
        *columns_encrypt(
            "city.ServiceRequest",
            {
                "reporter_name": EncryptedTextField(verbose_name="caller", max_length=80, blank=True),
                "reporter_phone": EncryptedTextField(verbose_name="caller's telephone", max_length=24, blank=True),
                "reporter_id_number": EncryptedTextField(
                    verbose_name="caller's identity number", max_length=18, blank=True
                ),
            },
            {"reporter_phone_index": "reporter_phone", "reporter_id_number_index": "reporter_id_number"},
        ),
    ]
