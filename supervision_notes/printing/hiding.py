"""Hides in a text whoever is not meant to be named in it, however the name, the code or the number is spelt.

Compared are letters and digits alone, without case, accents and forms of print: what stands between them may be
anything, or nothing. Where it cannot be told whether somebody is meant, too much is hidden and not too little.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from unicodedata import category, normalize

# Stands for a code, a name or a number of somebody else.
ANOTHER = "[…]"
# What is shorter is looked for as it is written, by itself, or no *an* would be left where there is an An; an employee
# number not at all.
_LONG = 3
# What has more letters counts by its words alone; no search goes on for longer.
_LONGEST = 80
# A code that begins like another one: of somebody who has left, perhaps, or with a slip in its number.
_CODE = re.compile(r"([^\W\d_]{2,})\d+s?")
# Letters of writing that sets no space between words: a name may begin and end at any of them.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\U00020000-\U0003ffff]"
)
# Letters that are one sign to Unicode, and another to whoever lacks the key.
_PLAIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"})


@dataclass(frozen=True)
class Hiding:
    """Who is hidden, and who may be named, by all that stands for them as it is compared.

    Of `short` things the spelling counts; `starts` are the letters that codes begin with. `known` is all of it in
    order, to see how far a name may still go on.
    """

    others: frozenset[str]
    short: frozenset[str]
    own: frozenset[str]
    starts: frozenset[str]
    known: Sequence[str]

    @classmethod
    def of(cls, codes: Iterable[str], names: Iterable[str], numbers: Iterable[str], own: Iterable[str]) -> Hiding:
        """The codes, names and employee numbers of the others, and whatever stands for those who may be named.

        A name counts in its parts too.
        """
        codes, names = list(codes), list(names)
        whole = [*codes, *names, *(number for number in numbers if len(_bare(number)) >= _LONG)]
        written = {normalize("NFC", each) for each in (*whole, *(part for name in names for part in _parts(name)))}
        short = {_bare(each) for each in written if _is_short(each)}
        compared = map(_compared, (each for each in written if not _is_short(each)))
        others = frozenset(each for each in compared if len(each) <= _LONGEST)
        kept = frozenset(map(_compared, own))
        known = sorted((others | kept | set(map(_compared, short))) - {""})
        starts = frozenset(code[1] for each in (*map(_compared, codes), *kept) if (code := _CODE.fullmatch(each)))
        return cls(others, frozenset({*short, *map(str.upper, short)}), kept, starts, known)

    def hide(self, text: str) -> str:
        """The text with a sign in place of each of the others."""
        text = normalize("NFC", text)
        kept, after = [], 0
        for start, end in self._found(text):
            kept.append(text[after:start])
            after = end
        return ANOTHER.join([*kept, text[after:]])

    def _found(self, text: str) -> Iterator[tuple[int, int]]:
        """From where to where somebody else is named: from left to right, the longest that fits."""
        letters = _Letters(text)
        n = 0
        while n < len(letters.limits) - 1:
            end, another = self._longest(text, letters, n)
            if another:
                yield letters.span(n, end)
            n = end

    def _longest(self, text: str, letters: _Letters, n: int) -> tuple[int, bool]:
        """At which limit the longest ends that begins at this one and stands for somebody; and whether for another."""
        end, another = n + 1, False
        for m in range(n + 1, len(letters.limits)):
            piece = letters.folded[letters.limits[n] : letters.limits[m]]
            if piece in self.own:
                end, another = m, False
            elif self._is_another(piece, text, letters.span(n, m)):
                end, another = m, True
            following = bisect_left(self.known, piece)
            if following == len(self.known) or not self.known[following].startswith(piece):
                break
        return end, another

    def _is_another(self, piece: str, text: str, span: tuple[int, int]) -> bool:
        if piece in self.others or (piece.endswith("s") and piece[:-1] in self.others):
            return True
        code = _CODE.fullmatch(piece)
        if code and code[1] in self.starts:
            return True
        start, end = span
        alone = not (text[max(start - 1, 0) : start] + text[end : end + 1]).isalnum()
        return alone and len(piece) < _LONG and _bare(text[start:end]) in self.short


class _Letters:
    """The letters and digits of a text as they are compared, and at which of them a word may begin or end."""

    def __init__(self, text: str) -> None:
        self.limits: list[int] = []
        self._spans: list[tuple[int, int]] = []
        signs: list[str] = []
        before = ""
        for n, sign in enumerate(text):
            folded = _folded(sign)
            if folded:
                if _sort(sign) != before or before == "unspaced":
                    self.limits.append(len(signs))
                signs += folded
                self._spans += [(n, n + 1)] * len(folded)
                before = _sort(sign)
            elif not _is_mark(sign):
                before = ""
            elif self._spans and self._spans[-1][1] == n:
                self._spans[-1] = (self._spans[-1][0], n + 1)
        self.folded = "".join(signs)
        self.limits.append(len(signs))

    def span(self, first: int, last: int) -> tuple[int, int]:
        """From where to where in the text the letters between two limits stand."""
        return self._spans[self.limits[first]][0], self._spans[self.limits[last] - 1][1]


@lru_cache(maxsize=4096)
def _folded(sign: str) -> str:
    """A letter or a digit as it is compared; empty for every other sign."""
    parts = normalize("NFKD", normalize("NFKD", sign).casefold().translate(_PLAIN))
    return "".join(part for part in parts if part.isalnum())


@lru_cache(maxsize=4096)
def _sort(sign: str) -> str:
    """Two signs of one sort make one word, where nothing stands between them."""
    if _UNSPACED.match(sign):
        return "unspaced"
    return "digit" if _folded(sign).isdigit() else "letter"


def _is_mark(sign: str) -> bool:
    """Whether it belongs to the letter before it."""
    return category(sign).startswith("M")


def _compared(text: str) -> str:
    return _Letters(normalize("NFC", text)).folded


def _bare(text: str) -> str:
    """The letters and digits of a text as they are written."""
    return "".join(sign for sign in text if sign.isalnum())


def _is_short(text: str) -> bool:
    """Whether it is so short that only its spelling tells it from another word."""
    return len(_bare(text)) < _LONG and text.upper() != text.lower() and not any(sign.isdigit() for sign in text)


def _parts(name: str) -> Iterator[str]:
    """The words of a name, and their parts; of one that is written in one, each beginning and end. No single letter."""
    apart = "".join(sign if sign.isalnum() or _is_mark(sign) else " " for sign in normalize("NFC", name))
    for word in (*name.split(), *apart.split()):
        if len(_bare(word)) > 1:
            yield word
        if _UNSPACED.match(word):
            yield from (part for n in range(2, min(len(word) - 1, _LONGEST)) for part in (word[:n], word[-n:]))
