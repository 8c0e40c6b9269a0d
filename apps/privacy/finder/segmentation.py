"""Words and their parts of speech by jieba, loaded once a process, silently, and without a file in /tmp."""

from __future__ import annotations

import logging
import warnings
from functools import cache, lru_cache
from threading import Lock
from typing import Any

LOADING = Lock()


@cache
def _tagger() -> Any:
    """jieba's tagger (a second to load, some 100 MB).

    jieba keeps its dictionary in /tmp/jieba.cache and reads back whatever lies there; here it is built from
    the installed package.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # escape sequences of 2020
        import jieba
        import jieba.posseg

    jieba.setLogLevel(logging.ERROR)
    words = jieba.dt
    words.FREQ, words.total = words.gen_pfdict(words.get_dict_file())
    words.initialized = True
    return jieba.posseg.dt


@lru_cache(maxsize=64)
def tagged(text: str) -> tuple[tuple[str, str], ...]:
    """``text`` cut into words with jieba's part-of-speech tags; ``nr`` is a person, ``ns`` a place."""
    with LOADING:
        tagger = _tagger()
    return tuple((pair.word, pair.flag) for pair in tagger.lcut(text))
