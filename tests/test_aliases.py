"""Grouping: short names belong to the bearer of the long one."""

from __future__ import annotations

import pytest

from hindi_entities import Label, Mention
from hindi_entities.aliases import group_mentions


def mentions(line: str) -> list[Mention]:
    """`पुतिन/PERSON, रूसी/NATIONALITY/RU, …` as mentions in order."""
    made, at = [], 0
    for item in line.split(", "):
        text, label, *code = item.split("/")
        country = code[0] if code else None
        made.append(Mention(text=text, label=Label(label), start=at, end=at + len(text), sentence=0, score=1, country=country))
        at += len(text) + 1
    return made


def names(line: str) -> list[tuple[str, int]]:
    return [(entity.name, len(entity)) for entity in group_mentions(mentions(line))]


CASES = [
    ("पुतिन/PERSON, व्लादिमीर पुतिन/PERSON, पुतिन/PERSON", [("व्लादिमीर पुतिन", 3)]),
    ("किम जोंग उन/PERSON, किम जोंग/PERSON, किम/PERSON", [("किम जोंग उन", 3)]),
    ("नरेंद्र मोदी/PERSON, नरेंद्र दामोदरदास मोदी/PERSON", [("नरेंद्र दामोदरदास मोदी", 2)]),
    ("राहुल गांधी/PERSON, गांधी/PERSON, सोनिया गांधी/PERSON, गांधी/PERSON", [("राहुल गांधी", 2), ("सोनिया गांधी", 2)]),
    ("सिंह/PERSON, राजनाथ सिंह/PERSON, मनमोहन सिंह/PERSON", [("राजनाथ सिंह", 2), ("मनमोहन सिंह", 1)]),
    ("जॉन किर्बी/PERSON, रॉबर्ट किर्बी/PERSON", [("जॉन किर्बी", 1), ("रॉबर्ट किर्बी", 1)]),
    ("रूस/COUNTRY/RU, रूसी/NATIONALITY/RU, रूसी/NATIONALITY/RU", [("रूस", 3)]),
    ("US/COUNTRY/US, अमेरिका/COUNTRY/US, संयुक्त राज्य अमेरिका/COUNTRY/US", [("संयुक्त राज्य अमेरिका", 3)]),
    ("यूरोपीय/NATIONALITY, यूरोपीय/NATIONALITY", [("यूरोपीय", 2)]),
    ("हिन्दुस्तान टाइम्स/ORGANIZATION, हिंदुस्तान टाइम्स/ORGANIZATION", [("हिन्दुस्तान टाइम्स", 2)]),
    ("सागर/PERSON, सागर/LOCATION", [("सागर", 1), ("सागर", 1)]),
    ("पुतिन/LOCATION, व्लादिमीर पुतिन/PERSON", [("पुतिन", 1), ("व्लादिमीर पुतिन", 1)]),
]


@pytest.mark.parametrize(("line", "expected"), CASES)
def test_who_is_who(line: str, expected: list[tuple[str, int]]) -> None:
    assert names(line) == expected


def test_a_demonym_alone_is_its_country() -> None:
    (entity,) = group_mentions(mentions("रूसी/NATIONALITY/RU"))
    assert (entity.name, entity.label, entity.country) == ("रूसी", Label.NATIONALITY, "RU")


def test_a_surname_that_many_share_takes_no_quadratic_time() -> None:
    line = ", ".join(f"नाम{n} सिंह/PERSON, सिंह/PERSON" for n in range(5000))
    assert [len(entity) for entity in group_mentions(mentions(line))] == [2] * 5000


def test_many_names_take_no_quadratic_time() -> None:
    line = ", ".join(f"नाम{n} कुल{n}/PERSON, कुल{n}/PERSON" for n in range(5000))
    assert len(group_mentions(mentions(line))) == 5000
