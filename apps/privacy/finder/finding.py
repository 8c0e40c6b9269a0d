"""All finders together: each piece of text is found once, as what it most certainly is."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from apps.privacy.finder.addresses import addresses
from apps.privacy.finder.bank import cards
from apps.privacy.finder.data import Finding, Kind
from apps.privacy.finder.email import emails
from apps.privacy.finder.folding import folded
from apps.privacy.finder.identity import identities
from apps.privacy.finder.landline import landlines
from apps.privacy.finder.mobile import mobiles
from apps.privacy.finder.names import names
from apps.privacy.finder.passport import passports
from apps.privacy.finder.permits import permits
from apps.privacy.finder.plates import plates
from apps.privacy.finder.wechat import wechats

FINDERS: tuple[Callable[[str], Iterable[Finding]], ...] = (
    identities,
    cards,
    mobiles,
    emails,
    landlines,
    passports,
    permits,
    plates,
    wechats,
    addresses,
    names,
)
# Chinese words that stand for a piece that was taken out.
PLACEHOLDERS = {
    Kind.IDENTITY: "[身份证号]",
    Kind.MOBILE: "[手机号]",
    Kind.LANDLINE: "[电话]",
    Kind.BANK: "[银行卡号]",
    Kind.PASSPORT: "[护照号]",
    Kind.PERMIT: "[通行证号]",
    Kind.PLATE: "[车牌]",
    Kind.EMAIL: "[邮箱]",
    Kind.WECHAT: "[微信号]",
    Kind.ADDRESS: "[地址]",
    Kind.NAME: "[姓名]",
}


def find(text: str) -> tuple[Finding, ...]:
    """The personal data in ``text``, in order, no two overlapping; places count characters of ``text``."""
    plain = folded(text)
    candidates = (finding for finder in FINDERS for finding in finder(plain))
    kept: list[Finding] = []
    for finding in sorted(candidates, key=lambda one: (-one.confidence, one.start - one.end, one.start)):
        if not any(finding.overlaps(other) for other in kept):
            kept.append(finding)
    return tuple(sorted(kept, key=lambda one: one.start))


def redacted(text: str) -> str:
    """``text`` with a word in square brackets in the place of each piece of personal data."""
    parts, place = [], 0
    for finding in find(text):
        parts += [text[place : finding.start], PLACEHOLDERS[finding.kind]]
        place = finding.end
    return "".join([*parts, text[place:]])
