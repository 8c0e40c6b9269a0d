"""Anonymity of releases: measures, generalisation and the attack that tests them. Pure NumPy, no Django."""

from __future__ import annotations

from apps.privacy.anonymity.attack import Linkage, linkage_attack
from apps.privacy.anonymity.hierarchies import HIERARCHIES, Level, generalised
from apps.privacy.anonymity.lattice import Found, Wanted, least_loss
from apps.privacy.anonymity.measures import Measures, class_numbers, measured

__all__ = [
    "HIERARCHIES",
    "Found",
    "Level",
    "Linkage",
    "Measures",
    "Wanted",
    "class_numbers",
    "generalised",
    "least_loss",
    "linkage_attack",
    "measured",
]
