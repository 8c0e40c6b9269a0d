"""All finders together: each piece of text is found once, as what it most certainly is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import chain

from apps.privacy.finder.addresses import addresses
from apps.privacy.finder.bank import cards
from apps.privacy.finder.callers import callers
from apps.privacy.finder.data import Finding, Kind
from apps.privacy.finder.email import emails
from apps.privacy.finder.folding import folded
from apps.privacy.finder.homes import births, homes
from apps.privacy.finder.identity import identities
from apps.privacy.finder.landline import landlines
from apps.privacy.finder.mobile import mobiles
from apps.privacy.finder.names import names
from apps.privacy.finder.own import Own, own_findings
from apps.privacy.finder.passport import passports
from apps.privacy.finder.permits import permits
from apps.privacy.finder.plates import plates
from apps.privacy.finder.spoken import numbers_spoken
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
LEAD = 6  # characters of other words that an address may have caught at its beginning
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
    Kind.BIRTH: "[出生日期]",
    Kind.ACCOUNT: "[账号]",
    Kind.CODE: "***",
}


def find(text: str) -> tuple[Finding, ...]:
    """The personal data in ``text``, in order, no two overlapping; places count characters of ``text``."""
    plain = folded(text)
    candidates = (finding for finder in FINDERS for finding in finder(plain))
    kept: list[Finding] = []
    for finding in sorted(candidates, key=lambda one: (-one.confidence, one.start - one.end, one.start)):
        whole = _clipped(finding, kept)
        if whole.start < whole.end and not any(whole.overlaps(other) for other in kept):
            kept.append(whole)
    return tuple(sorted(kept, key=lambda one: one.start))


def _clipped(finding: Finding, kept: list[Finding]) -> Finding:
    """An address begins where the name before it ends: nothing in the letters tells the two apart."""
    if finding.kind is not Kind.ADDRESS:
        return finding
    ends = [
        one.end for one in kept if one.kind is Kind.NAME and one.start <= finding.start + LEAD < finding.end
    ]
    start = max([finding.start, *(end for end in ends if end < finding.end)])
    return replace(finding, start=start)


def taken_out(text: str, own: Own, more: Iterable[Finding] = ()) -> tuple[Finding, ...]:
    """Everything that a mask takes out; where pieces overlap the whole goes, as its surest part is called.

    ``own`` is what the row knows of the person; more is taken out than a finder would swear to.
    """
    plain = folded(text)
    guesses = chain.from_iterable(guess(plain) for guess in (numbers_spoken, births, homes, callers))
    sources = own_findings(plain, own), find(text), guesses, more
    joined: list[Finding] = []
    for one in sorted(chain.from_iterable(sources), key=lambda one: (one.start, -one.end)):
        if joined and one.start < joined[-1].end:
            last = joined[-1]
            surest = last if last.confidence >= one.confidence else one
            joined[-1] = replace(surest, start=last.start, end=max(last.end, one.end))
        elif one.start < one.end:
            joined.append(one)
    return tuple(joined)


def redacted(text: str) -> str:
    """``text`` with a word in square brackets in the place of each piece of personal data."""
    return without(text, find(text))


def without(text: str, findings: Iterable[Finding]) -> str:
    """``text`` with a word in the place of each finding; they come in order and do not overlap."""
    parts, place = [], 0
    for finding in findings:
        parts += [text[place : finding.start], PLACEHOLDERS[finding.kind]]
        place = finding.end
    return "".join([*parts, text[place:]])
