"""Latin spellings of Hindi names for readers without Devanagari: Vladimir Putin, Narendra Modi, BJP.

The spelling is the plain one of newspapers, without diacritics, and cannot be turned back. A word is read as consonants with
their vowels; the inherent vowel is dropped where it is not spoken: at the end of a word, and between a vowel with one
consonant and a consonant with a vowel (अमरनाथ Amarnath), from right to left, after Ohala (Aspects of Hindi Phonology, 1983)
and Narasimhan, Sproat and Kiraz (Schwa-deletion in Hindi text-to-speech synthesis, 2004). Names of letters give the letters
(बीजेपी BJP, by `data/abbreviations.tsv`), English words their spelling (हाउस House, by `data/loanwords.tsv`).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Final, NamedTuple

import regex

from hindi_entities.keys import lookup_key, model_key
from hindi_entities.lexicon import read_table

_WORD: Final = regex.compile(r"[\p{Script=Devanagari}\u200c\u200d--\p{Nd}।॥॰]+", regex.V1)
_CONSONANTS: Final = {
    "क": "k",
    "ख": "kh",
    "ग": "g",
    "घ": "gh",
    "ङ": "n",
    "च": "ch",
    "छ": "chh",
    "ज": "j",
    "झ": "jh",
    "ञ": "n",
    "ट": "t",
    "ठ": "th",
    "ड": "d",
    "ढ": "dh",
    "ण": "n",
    "त": "t",
    "थ": "th",
    "द": "d",
    "ध": "dh",
    "न": "n",
    "प": "p",
    "फ": "f",
    "ब": "b",
    "भ": "bh",
    "म": "m",
    "य": "y",
    "र": "r",
    "ल": "l",
    "ळ": "l",
    "व": "v",
    "श": "sh",
    "ष": "sh",
    "स": "s",
    "ह": "h",
}
_WITH_NUKTA: Final = {"क": "q", "ख": "kh", "ग": "gh", "ज": "z", "झ": "zh", "ड": "r", "ढ": "rh", "फ": "f"}
_VOWELS: Final = {
    "अ": "a",
    "आ": "a",
    "इ": "i",
    "ई": "i",
    "उ": "u",
    "ऊ": "u",
    "ऋ": "ri",
    "ए": "e",
    "ऐ": "ai",
    "ऍ": "a",
    "ओ": "o",
    "औ": "au",
    "ऑ": "o",
    "ऎ": "e",
    "ऒ": "o",
    "ॲ": "a",
}
_MATRAS: Final = {
    "\u093e": "a",
    "\u093f": "i",
    "\u0940": "i",
    "\u0941": "u",
    "\u0942": "u",
    "\u0943": "ri",
    "\u0945": "a",
    "\u0946": "e",
    "\u0947": "e",
    "\u0948": "ai",
    "\u0949": "o",
    "\u094a": "o",
    "\u094b": "o",
    "\u094c": "au",
}
_NUKTA, _VIRAMA = "\u093c", "\u094d"
_NASALS: Final = frozenset("ँं")
_LABIALS: Final = frozenset("पबभम")
# How open a sound is: a word does not end in a consonant that is more open than the one before it (चंद्र is Chandra).
_OPENNESS: Final = {
    **dict.fromkeys("ङञणनम", 1),
    **dict.fromkeys("लळव", 2),
    "र": 3,
    "य": 4,
}
_FOREIGN: Final = regex.compile(r"[ऑॉॅऍटड](?!\u093c)")  # sounds that come with names from English


class _Unit(NamedTuple):
    """A consonant and the vowel after it, or a vowel alone (`letter` empty)."""

    letter: str
    sound: str
    vowel: str  # as it is spelled in Latin; empty after a virama and for a dropped inherent vowel
    inherent: bool = False
    nasal: bool = False


def romanize(text: str) -> str:
    """The text with its Devanagari words in Latin letters and capitalized; what is in other scripts stays as it is."""
    done = []
    at = 0
    initials = True  # at the beginning of a name stand initials: एस, के पी
    for match in _WORD.finditer(text):
        done.append(text[at : match.start()])
        at = match.end()
        initials = initials and lookup_key(match[0]) in _letters()
        if text[match.start() - 1 : match.start()] == "-" and match[0] == "ए":
            done.append("e")  # the Persian joint of लश्कर-ए-तैयबा
        elif (at < len(text) and (initials or text[at] in ".॰-")) or text[match.start() - 1 : match.start()] in _DOTS:
            done.append(_letters().get(lookup_key(match[0])) or _romanize_word(model_key(match[0])))
        else:
            done.append(_romanize_word(model_key(match[0])))
    return "".join([*done, text[at:]]).translate(_DIGITS)


_DOTS: Final = frozenset(".॰")
_DIGITS: Final = str.maketrans("०१२३४५६७८९।॰", "0123456789..")


@lru_cache(maxsize=1 << 14)
def _romanize_word(word: str) -> str:
    known = _loanwords().get(lookup_key(word)) or _acronym(lookup_key(word))
    if known:
        return known
    foreign = _FOREIGN.search(word) is not None
    spelled = ""
    for part in _parts(word):
        units = _drop_inherent(_read(part), foreign)
        spelled += "".join(_spell(units, at, foreign) for at in range(len(units)))
    return _polish(spelled, word).capitalize()


def _parts(word: str) -> tuple[str, ...]:
    """A word, or the two that it is made of: मुजफ्फर + नगर, अहमद + आबाद; in each, vowels are dropped by themselves."""
    for ending in ("नगर", "ाबाद"):
        stem = word.removesuffix(ending)
        if 1 < len(stem) < len(word) and (ending[0] in _CONSONANTS or (stem[-1] in _CONSONANTS and stem[-1] != "य")):
            return stem, ending.replace("ाब", "आब")
    return (word,)


def _read(word: str) -> list[_Unit]:
    units: list[_Unit] = []
    for at, letter in enumerate(word):
        if letter in _CONSONANTS:
            units.append(_Unit(letter, _CONSONANTS[letter], "a", inherent=True))
        elif letter in _VOWELS:
            units.append(_Unit("", "", _VOWELS[letter]))
        elif units and letter == _NUKTA and word[at - 1] in _WITH_NUKTA:
            units[-1] = units[-1]._replace(sound=_WITH_NUKTA[word[at - 1]])
        elif units and letter in _MATRAS:
            units[-1] = units[-1]._replace(vowel=_MATRAS[letter], inherent=False)
        elif units and letter == _VIRAMA:
            units[-1] = units[-1]._replace(vowel="", inherent=False)
        elif units and letter in _NASALS:
            units[-1] = units[-1]._replace(nasal=True)
    return units


def _drop_inherent(units: list[_Unit], foreign: bool) -> list[_Unit]:
    """The units without the inherent vowels that are not spoken."""
    units = list(units)
    last = len(units) - 1
    if last > 0 and units[last].inherent and not units[last].nasal and not _keeps_final(units):
        units[last] = units[last]._replace(vowel="")
    for at in range(last - 1, 0, -1):
        before, unit, after = units[at - 1 : at + 2]
        open_before = before.vowel and (not before.nasal or foreign)
        if unit.inherent and not unit.nasal and open_before and after.letter and after.vowel:
            units[at] = unit._replace(vowel="")
    return units


def _keeps_final(units: list[_Unit]) -> bool:
    before, final = units[-2:]
    if before.vowel:
        return final.letter == "य" and before.vowel == "i"  # राष्ट्रीय
    return _OPENNESS.get(final.letter, 0) > _OPENNESS.get(before.letter, 0)


def _spell(units: list[_Unit], at: int, foreign: bool) -> str:
    unit = units[at]
    before = units[at - 1] if at else None
    after = units[at + 1] if at + 1 < len(units) else None
    sound, vowel = unit.sound, unit.vowel
    if unit.letter == "व":
        if (after and after.letter == "ह" and not vowel) or _is_joined(before):
            sound = "w"  # व्हाइट, स्वामी
        elif vowel == "a" and not unit.inherent and (foreign if before is None else before.vowel != "o" and before.vowel != "e"):
            sound = "w"  # केजरीवाल, वाशिंगटन
        elif vowel == "o" and foreign and before is None:
            sound, vowel = "w", "a"  # वॉलमार्ट
    elif unit.letter == "ञ" and before and before.letter == "ज" and _is_joined(before):
        sound = "y"  # ज्ञ
    elif unit.letter == "ज" and after and after.letter == "ञ" and not vowel:
        sound = "g"
    elif (
        unit.letter == "य"
        and before
        and before.vowel == "i"
        and (vowel == "o" or (after is None and vowel == "a" and not unit.inherent))
    ):
        sound = ""  # इंडिया, लियोनेल
    elif unit.letter == "य" and not vowel and after and before and before.vowel == "a" and before.inherent:
        sound = "i"  # जयपुर
    if vowel == "ai" and foreign:
        vowel = "a"  # मैनहट्टन
    nasal = ""
    if unit.nasal:
        if after and after.letter == "ह" and at + 2 == len(units):
            nasal = "ng"  # सिंह
        else:
            nasal = "m" if after and after.letter in _LABIALS else "n"
    return sound + vowel + nasal


def _is_joined(before: _Unit | None) -> bool:
    """Whether a consonant is written with a virama, so that the next one is joined to it."""
    return before is not None and bool(before.letter) and not before.vowel and not before.inherent and before.letter != "र"


def _polish(spelled: str, word: str) -> str:
    """Spellings that English has for a sequence of sounds, and for the end of a word in Devanagari."""
    for pattern, spelling in _CUSTOMS:
        spelled = pattern.sub(spelling, spelled)
    for ending, sounds, spelling in _ENDINGS:
        if ending.search(word) and spelled.endswith(sounds):
            spelled = spelled.removesuffix(sounds) + spelling
    return spelled


_CUSTOMS: Final = tuple(
    (regex.compile(pattern), spelling)
    for pattern, spelling in (
        (r"ks(?!h)", "x"),  # अलेक्स
        (r"chchh", "chh"),  # अच्छा
        (r"shs", "ss"),
        (r"eshan$", "ation"),  # फेडरेशन
        (r"(?<=[nvt])ski$", "sky"),  # ज़ेलेंस्की
        (r"^en(?=[dtgj])", "an"),  # एंजेला
        (r"([bdfgjklmnprstvz])h?\1h", r"\1\1h"),  # उद्धव
    )
)
_ENDINGS: Final = tuple(
    (regex.compile(ending), sounds, spelling)
    for ending, sounds, spelling in (
        ("गां?व$", "ganv", "gaon"),
        ("राव$", "rav", "rao"),
        ("टन$", "tan", "ton"),
        ("..[\\p{Lo}\u094d]सन$", "san", "son"),  # जॉनसन
        ("[टड][^कग]?र$", "ar", "er"),  # मैनचेस्टर
    )
)


def _acronym(key: str) -> str | None:
    """The letters that a word names in full, two or more: बीजेपी."""
    letters = _letters()
    best: list[str | None] = ["", *([None] * len(key))]
    for end in range(1, len(key) + 1):
        for begin in range(max(0, end - _longest_letter()), end):
            head, letter = best[begin], letters.get(key[begin:end])
            if head is not None and letter and best[end] is None:
                best[end] = head + letter
    whole = best[-1]
    return whole if whole and len(whole) > 1 else None


@cache
def _letters() -> Mapping[str, str]:
    listed = ((form, sense[-1]) for form, sense in read_table("abbreviations.tsv") if sense.startswith("letter "))
    # आई is no abbreviation before a full stop, for it is also a verb.
    others = ((form, english) for form, english in read_table("loanwords.tsv") if len(english) == 1)
    return {lookup_key(form): letter for form, letter in (*listed, *others)}


@cache
def _longest_letter() -> int:
    return max(map(len, _letters()))


@cache
def _loanwords() -> Mapping[str, str]:
    return {lookup_key(form): english for form, english in read_table("loanwords.tsv")}
