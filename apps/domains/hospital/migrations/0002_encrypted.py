from django.db import migrations
from apps.core.encryption.fields import EncryptedDateField, EncryptedTextField
from apps.core.encryption.migrating import columns_encrypt


class Migration(migrations.Migration):
    """What tells who somebody is, and how he fares, is encrypted; rows that exist are encrypted here."""

    dependencies = [("hospital", "0001_initial")]
    operations = [
        *columns_encrypt(
            "hospital.StaffMember",
            {"phone": EncryptedTextField(verbose_name="telephone", max_length=20, blank=True)},
            {"phone_index": "phone"},
        ),
        *columns_encrypt(
            "hospital.Patient",
            {
                "name": EncryptedTextField(verbose_name="name", max_length=80),
                "id_number": EncryptedTextField(verbose_name="identity number", max_length=18, blank=True),
                "phone": EncryptedTextField(verbose_name="telephone", max_length=20, blank=True),
                "birth_date": EncryptedDateField(verbose_name="date of birth", null=True, blank=True),
            },
            {"id_number_index": "id_number", "phone_index": "phone"},
        ),
        *columns_encrypt(
            "hospital.Encounter",
            {"diagnosis": EncryptedTextField(verbose_name="diagnosis (ICD-10)", max_length=10, blank=True)},
        ),
    ]
