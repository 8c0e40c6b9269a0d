"""The one list of data domains, and the shape each of them must have.

A domain is a folder under ``apps/domains``. The platform never imports such a
folder by name: it reads the ``DOMAIN`` object that the folder declares.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

from apps.core.declarations import (
    MapLayer,
    PersonalTable,
    Problem,
    Recipe,
    StatisticalData,
    StreamKind,
    SubjectRecord,
    Text,
)
from apps.core.grades import FieldGrade

DOMAINS_DIR = Path(__file__).resolve().parent.parent / "domains"


@dataclass(frozen=True, slots=True)
class Domain:
    """What a domain tells the platform about itself."""

    slug: str
    title: Text
    owner: str  # code of the department that answers for the data
    icon: str  # Material symbol of the menu entry
    privacy: Mapping[str, FieldGrade]  # "Model.field" -> grade, for every field of every model
    layers: tuple[MapLayer, ...] = ()
    kinds: tuple[StreamKind, ...] = ()
    recipes: tuple[Recipe, ...] = ()
    problems: tuple[Problem, ...] = ()
    subjects: tuple[SubjectRecord, ...] = ()  # which models speak of a person
    statistics: tuple[StatisticalData, ...] = ()
    tables: tuple[PersonalTable, ...] = ()  # what may leave as rows with pseudonyms, or as counts
    purposes: tuple[
        str, ...
    ] = ()  # what its own records alone are needed for: codes of privacy.data.PURPOSES
    seed: str = ""  # dotted function without arguments: demonstration rows, safe to repeat
    simulator: str = ""  # dotted class: see apps.sensing.services.simulation

    def kind(self, key: str) -> StreamKind:
        """The reading kind called ``key``; KeyError names it when there is none."""
        return {kind.key: kind for kind in self.kinds}[key]


def kind_unit(slug: str, key: str) -> str:
    """The UCUM code of a kind of reading; "" for a domain or a kind that nothing declares (any more)."""
    try:
        return domain_get(slug).kind(key).unit
    except KeyError:
        return ""


def domain_packages() -> list[str]:
    """Dotted names of every folder that declares a domain, in name order."""
    return [f"apps.domains.{path.parent.name}" for path in sorted(DOMAINS_DIR.glob("*/domain.py"))]


@cache
def all_domains() -> tuple[Domain, ...]:
    """Every declared domain."""
    return tuple(import_module(f"{package}.domain").DOMAIN for package in domain_packages())


def domain_get(slug: str) -> Domain:
    """The domain called ``slug``; KeyError when no folder declares it."""
    return {domain.slug: domain for domain in all_domains()}[slug]


@cache
def layers_by_id() -> dict[str, tuple[Domain, MapLayer]]:
    """Every map layer of every domain by its id ``<slug>.<key>``."""
    return {
        f"{domain.slug}.{layer.key}": (domain, layer) for domain in all_domains() for layer in domain.layers
    }


@cache
def recipes_by_id() -> dict[str, tuple[Domain, Recipe]]:
    """Every recipe of every domain by its id ``<slug>.<key>``."""
    return {
        f"{domain.slug}.{recipe.key}": (domain, recipe)
        for domain in all_domains()
        for recipe in domain.recipes
    }


@cache
def problems_by_id() -> dict[str, tuple[Domain, Problem]]:
    """Every planning problem of every domain by its id ``<slug>.<key>``."""
    return {
        f"{domain.slug}.{item.key}": (domain, item) for domain in all_domains() for item in domain.problems
    }


@cache
def statistics_by_id() -> dict[str, tuple[Domain, StatisticalData]]:
    """Every data set of every domain that answers statistical questions, by its id ``<slug>.<key>``."""
    return {
        f"{domain.slug}.{item.key}": (domain, item) for domain in all_domains() for item in domain.statistics
    }


@cache
def tables_by_id() -> dict[str, tuple[Domain, PersonalTable]]:
    """Every table about people of every domain by its id ``<slug>.<key>``."""
    return {
        f"{domain.slug}.{table.key}": (domain, table) for domain in all_domains() for table in domain.tables
    }
