"""Latin spellings: single rules, and how near names come to their usual English spelling (tests/data/romanized.tsv)."""

from __future__ import annotations

from difflib import SequenceMatcher
from pathlib import Path
from statistics import mean

import pytest

from hindi_entities import Entity, Label, Mention
from hindi_entities.romanize import romanize

PAIRS = Path(__file__).parent / "data" / "romanized.tsv"

RULES = [
    ("the last inherent vowel", "राम", "Ram"),
    ("also after a cluster", "वसंत", "Vasant"),
    ("but not before a more open sound", "चंद्र आदित्य राष्ट्रीय", "Chandra Aditya Rashtriya"),
    ("the inherent vowel between two syllables", "अमरनाथ", "Amarnath"),
    ("from right to left", "मनमोहन", "Manmohan"),
    ("beside a cluster it stays", "आदित्यनाथ सरस्वती", "Adityanath Saraswati"),
    ("a compound's parts by themselves", "मुजफ्फरनगर अहमदाबाद", "Mujaffarnagar Ahmadabad"),
    ("ay before a consonant", "जयपुर", "Jaipur"),
    ("anusvara by place", "अंबानी गांधी सिंह", "Ambani Gandhi Singh"),
    ("nukta", "ज़ेलेंस्की फ़ैज़ गुड़गांव", "Zelensky Faiz Gurgaon"),
    ("nukta in both encodings", "\u095bिया ज\u093cिया", "Zia Zia"),
    ("w", "स्वामी केजरीवाल", "Swami Kejriwal"),
    ("ज्ञ, and ज before न", "ज्ञानेश राजनाथ", "Gyanesh Rajnath"),
    ("letters", "बीजेपी आरएसएस सीबीआई", "BJP RSS CBI"),
    ("initials", "ए.पी.जे. अब्दुल", "A.P.J. Abdul"),
    ("initials without a stop", "के पी शर्मा", "K P Sharma"),
    ("but not elsewhere", "जम्मू के", "Jammu Ke"),
    ("a letter before a number", "जी-20", "G-20"),
    ("English words", "व्हाइट हाउस", "White House"),
    ("the Persian joint", "लश्कर-ए-तैयबा", "Lashkar-e-Taiyba"),
    ("Latin stays", "US और iPhone", "US Aur iPhone"),
    ("digits", "२०२४", "2024"),
    ("nothing", "", ""),
    ("signs alone", "ं\u094d", ""),
]


@pytest.mark.parametrize(("why", "name", "expected"), RULES)
def test_rules(why: str, name: str, expected: str) -> None:
    assert romanize(name) == expected


def test_names_come_near_their_usual_spelling() -> None:
    lines = PAIRS.read_text(encoding="utf-8").splitlines()[2:]
    pairs = [(romanize(name).lower(), english.lower()) for name, english, _kind in (line.split("\t") for line in lines)]
    assert len(pairs) >= 150
    assert mean(ours == usual for ours, usual in pairs) >= 0.47
    assert mean(SequenceMatcher(None, *pair, autojunk=False).ratio() for pair in pairs) >= 0.91


def entity(name: str, label: str, country: str | None = None) -> Entity:
    mention = Mention(text=name, label=Label(label), start=0, end=len(name), sentence=0, score=0.9, country=country)
    return Entity(id=0, name=name, label=Label(label), mentions=(mention,), country=country)


def test_an_entity_is_romanized_by_what_it_is() -> None:
    assert entity("व्लादिमीर पुतिन", "PERSON").romanized == "Vladimir Putin"
    assert entity("अमरीका", "COUNTRY", "US").romanized == "United States"
    assert entity("मास्को", "LOCATION", "RU").romanized == "Moscow"
    assert entity("मास्को", "PERSON").romanized == "Masko"
    assert entity("छत्तीसगढ़", "LOCATION", "IN").romanized == "Chhattisgarh"


def test_the_latin_form_is_not_stored() -> None:
    assert "romanized" not in entity("पुतिन", "PERSON").model_dump()
