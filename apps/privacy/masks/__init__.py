"""Masks: what is left of a value that may not be shown clear. One function for each ``Mask``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from apps.core.grades import Mask
from apps.privacy.masks.addresses import address_masked
from apps.privacy.masks.ages import band_masked, birth_masked, year_masked
from apps.privacy.masks.names import name_masked
from apps.privacy.masks.numbers import email_masked, identity_masked, phone_masked, plate_masked
from apps.privacy.masks.points import point_masked
from apps.privacy.masks.texts import text_masked

MASKS: dict[Mask, Callable[[Any], Any]] = {
    Mask.NAME: name_masked,
    Mask.PHONE: phone_masked,
    Mask.IDENTITY: identity_masked,
    Mask.ADDRESS: address_masked,
    Mask.TEXT: text_masked,
    Mask.POINT: point_masked,
    Mask.YEAR: year_masked,
    Mask.AGE: birth_masked,
    Mask.BAND: band_masked,
    Mask.EMAIL: email_masked,
    Mask.PLATE: plate_masked,
}
