"""Grouping: forms of one name are one entity, and names that only look alike are not."""

from __future__ import annotations

import time

import pytest

from hindi_entities import Label, Mention
from hindi_entities.aliases import group_mentions
from hindi_entities.corpora import parse_inline
from hindi_entities.lexicon import read_table
from hindi_entities.names import letters_of
from hindi_entities.sounds import sound_keys


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


def groups(label: str, line: str) -> list[list[str]]:
    """The entities of mentions of one label, `पुतिन, व्लादिमीर पुतिन`, as the forms of each."""
    made = mentions(", ".join(f"{form}/{label}" for form in line.split(", ")))
    return [[mention.text for mention in entity.mentions] for entity in group_mentions(made)]


CASES = [
    ("पुतिन/PERSON, व्लादिमीर पुतिन/PERSON, पुतिन/PERSON", [("व्लादिमीर पुतिन", 3)]),
    ("किम जोंग उन/PERSON, किम जोंग/PERSON, किम/PERSON", [("किम जोंग उन", 3)]),
    ("नरेंद्र मोदी/PERSON, नरेंद्र दामोदरदास मोदी/PERSON", [("नरेंद्र दामोदरदास मोदी", 2)]),
    ("राहुल गांधी/PERSON, गांधी/PERSON, सोनिया गांधी/PERSON, गांधी/PERSON", [("राहुल गांधी", 2), ("सोनिया गांधी", 2)]),
    ("सिंह/PERSON, राजनाथ सिंह/PERSON, मनमोहन सिंह/PERSON", [("राजनाथ सिंह", 2), ("मनमोहन सिंह", 1)]),
    ("जॉन किर्बी/PERSON, रॉबर्ट किर्बी/PERSON", [("जॉन किर्बी", 1), ("रॉबर्ट किर्बी", 1)]),
    ("Rahul Gandhi/PERSON, सोनिया गांधी/PERSON, Gandhi/PERSON", [("सोनिया गांधी", 2), ("Rahul Gandhi", 1)]),
    ("रूस/COUNTRY/RU, रूसी/NATIONALITY/RU, रूसी/NATIONALITY/RU", [("रूस", 3)]),
    ("US/COUNTRY/US, अमेरिका/COUNTRY/US, संयुक्त राज्य अमेरिका/COUNTRY/US", [("संयुक्त राज्य अमेरिका", 3)]),
    ("यूरोपीय/NATIONALITY, यूरोपीय/NATIONALITY", [("यूरोपीय", 2)]),
    ("हिन्दुस्तान टाइम्स/ORGANIZATION, हिंदुस्तान टाइम्स/ORGANIZATION", [("हिन्दुस्तान टाइम्स", 2)]),
    ("सागर/PERSON, सागर/LOCATION", [("सागर", 1), ("सागर", 1)]),
    ("पुतिन/LOCATION, व्लादिमीर पुतिन/PERSON", [("पुतिन", 1), ("व्लादिमीर पुतिन", 1)]),
    ("टाटा/PERSON, Tata/ORGANIZATION", [("टाटा", 1), ("Tata", 1)]),
    ("एपी/ORGANIZATION, आंध्र प्रदेश/LOCATION", [("एपी", 1), ("आंध्र प्रदेश", 1)]),
    ("भाजपा/PERSON, भारतीय जनता पार्टी/ORGANIZATION", [("भाजपा", 1), ("भारतीय जनता पार्टी", 1)]),
    ("10/NUMBER, १०/NUMBER, 10/NUMBER", [("10", 2), ("१०", 1)]),
    ("सोमवार/TIME, Monday/TIME", [("सोमवार", 1), ("Monday", 1)]),
    ("सीबीआई/ARTIFACT, सेंट्रल ब्यूरो इंडिया/ARTIFACT", [("सीबीआई", 1), ("सेंट्रल ब्यूरो इंडिया", 1)]),
    # the name of an entity is its fullest form, in Devanagari where there is one
    ("Putin/PERSON, पुतिन/PERSON, Putin/PERSON", [("पुतिन", 3)]),
    ("जे. पी. नड्डा/PERSON, जगत प्रकाश नड्डा/PERSON", [("जगत प्रकाश नड्डा", 2)]),
    ("आर एस एस/ORGANIZATION, राष्ट्रीय स्वयंसेवक संघ/ORGANIZATION", [("राष्ट्रीय स्वयंसेवक संघ", 2)]),
]


@pytest.mark.parametrize(("line", "expected"), CASES)
def test_who_is_who(line: str, expected: list[tuple[str, int]]) -> None:
    assert names(line) == expected


ONE = [
    # spelling
    ("PERSON", "डोनाल्ड ट्रंप, ट्रम्प, डॉनल्ड ट्रंप"),
    ("PERSON", "नरेंद्र मोदी, नरेन्द्र मोदी, नरेंद्र\u200d मोदी"),
    ("PERSON", "ज़ेलेंस्की, जेलेंस्की, जेलेन्स्की, ज़ेलेंस्‍की"),
    ("PERSON", "जो बाइडन, बाइडेन, बायडन"),
    ("PERSON", "सुनील कुमार, सुनिल कुमार"),
    ("PERSON", "एमैनुएल मैक्रों, मेक्रों"),
    ("PERSON", "शोइगु, शोइगू, सर्गेई शोइगु"),
    ("PERSON", "पुतिन, पूतिन"),
    ("LOCATION", "मुज़फ़्फ़रनगर, मुजफ्फरनगर"),
    ("LOCATION", "जम्मू-कश्मीर, जम्मू और कश्मीर, जम्मू कश्मीर, जम्मू एवं कश्मीर"),
    # initials
    ("PERSON", "पी. चिदंबरम, पी चिदंबरम, पलानीअप्पन चिदंबरम, चिदंबरम, P. Chidambaram"),
    ("PERSON", "जेपी नड्डा, जे. पी. नड्डा, जे.पी. नड्डा, जगत प्रकाश नड्डा, JP Nadda, नड्डा"),
    ("PERSON", "केपी शर्मा ओली, ओली, खड्ग प्रसाद शर्मा ओली"),
    ("PERSON", "एस जयशंकर, सुब्रह्मण्यम जयशंकर, एस. जयशंकर"),
    ("PERSON", "एमके स्टालिन, मुथुवेल करुणानिधि स्टालिन, एम. के. स्टालिन"),
    ("PERSON", "के. चंद्रशेखर राव, केसीआर, KCR"),
    ("PERSON", "जॉन एफ केनेडी, जॉन फिट्जगेराल्ड केनेडी, जॉन केनेडी"),
    # letters
    ("ORGANIZATION", "राष्ट्रीय स्वयंसेवक संघ, आरएसएस, RSS, आर.एस.एस."),
    ("ORGANIZATION", "एनसीपी, NCP, एन.सी.पी., N.C.P., एन सी पी"),
    ("ORGANIZATION", "भारतीय जनता पार्टी, बीजेपी, भाजपा, BJP"),
    ("ORGANIZATION", "बीजेपी, भाजपा, BJP"),
    ("ORGANIZATION", "राष्ट्रीय जनता दल, आरजेडी, राजद"),
    ("ORGANIZATION", "जनता दल (यूनाइटेड), जेडीयू, जदयू, JDU"),
    ("ORGANIZATION", "संयुक्त राष्ट्र, यूएन, UN"),
    ("ORGANIZATION", "यूरोपीय संघ, ईयू, EU"),
    ("ORGANIZATION", "भारतीय रिज़र्व बैंक, आरबीआई, RBI"),
    ("ORGANIZATION", "रिज़र्व बैंक ऑफ इंडिया, आरबीआई"),
    ("ORGANIZATION", "भारतीय स्टेट बैंक, SBI, एसबीआई"),
    ("ORGANIZATION", "एसोसिएटेड प्रेस, एपी, AP"),
    ("ORGANIZATION", "आईआईटी दिल्ली, IIT दिल्ली"),
    ("ORGANIZATION", "जी-20, G20, जी20, G-20, जी 20"),
    ("LOCATION", "उत्तर प्रदेश, यूपी, UP"),
    ("ORGANIZATION", "बीजेपी, बिजेपी, बीजेपि"),
    # syllables
    ("ORGANIZATION", "समाजवादी पार्टी, सपा"),
    ("ORGANIZATION", "बहुजन समाज पार्टी, बसपा, बीएसपी"),
    ("ORGANIZATION", "मार्क्सवादी कम्युनिस्ट पार्टी, माकपा"),
    ("ORGANIZATION", "राष्ट्रवादी कांग्रेस पार्टी, राकांपा"),
    ("ORGANIZATION", "द्रविड़ मुनेत्र कषगम, द्रमुक, डीएमके, DMK"),
    ("ORGANIZATION", "विश्व हिंदू परिषद, विहिप"),
    ("ORGANIZATION", "झारखंड मुक्ति मोर्चा, झामुमो"),
    ("LOCATION", "मध्य प्रदेश, मप्र, एमपी"),
    # the other alphabet
    ("PERSON", "व्लादिमीर पुतिन, Putin, Vladimir Putin, PUTIN"),
    ("PERSON", "Modi, मोदी, Narendra Modi, नरेंद्र मोदी"),
    ("PERSON", "Donald Trump, ट्रंप, डोनाल्ड ट्रंप, TRUMP"),
    ("PERSON", "शी जिनपिंग, Xi Jinping"),
    ("PERSON", "किम जोंग उन, Kim Jong Un, KIM JONG UN"),
    ("PERSON", "एकनाथ शिंदे, Shinde"),
    ("PERSON", "मनमोहन सिंह, Manmohan Singh"),
    ("ORGANIZATION", "कांग्रेस, Congress"),
    ("ORGANIZATION", "गूगल, Google, GOOGLE"),
    ("ORGANIZATION", "नाटो, NATO, Nato"),
    ("ORGANIZATION", "भारतीय जनता पार्टी, Bharatiya Janata Party, BJP"),
    ("LOCATION", "मुंबई, Mumbai, मुम्बई"),
]


@pytest.mark.parametrize(("label", "line"), ONE)
def test_forms_of_one_name(label: str, line: str) -> None:
    assert groups(label, line) == [line.split(", ")]


APART = [
    # spelling
    ("PERSON", "कमल नाथ, कमला हैरिस"),
    ("PERSON", "कमल, कमला"),
    ("PERSON", "विमल, विमला"),
    ("PERSON", "राम, रमा"),
    ("PERSON", "दीपक, दीपिका"),
    ("PERSON", "सुनील कुमार, सुनीता कुमार"),
    ("PERSON", "सलीम, सलमा"),
    ("PERSON", "अर्जुन, अर्जन"),
    ("PERSON", "रमन सिंह, रमण कुमार"),
    ("PERSON", "दिन, दीन"),
    ("LOCATION", "काशी, कांशी"),
    ("LOCATION", "बलिया, बालिया"),
    ("LOCATION", "कानपुर, कनकपुर"),
    # parts of names that are no persons
    ("ORGANIZATION", "तृणमूल कांग्रेस, कांग्रेस"),
    ("ORGANIZATION", "राष्ट्रीय जनता दल, जनता दल"),
    ("ORGANIZATION", "भारतीय जनता पार्टी, जनता पार्टी"),
    ("ORGANIZATION", "रूसी विदेश मंत्रालय, विदेश मंत्रालय"),
    ("ORGANIZATION", "संयुक्त राष्ट्र, संयुक्त राष्ट्र सुरक्षा परिषद"),
    ("LOCATION", "दिल्ली, नई दिल्ली"),
    ("LOCATION", "बंगाल, पश्चिम बंगाल"),
    # persons in full, initials
    ("PERSON", "राहुल गांधी, सोनिया गांधी"),
    ("PERSON", "नरेंद्र मोदी, नीरव मोदी, ललित मोदी"),
    ("PERSON", "पी. चिदंबरम, कार्ति चिदंबरम"),
    ("PERSON", "आर गांधी, सोनिया गांधी"),
    ("PERSON", "एस जयशंकर, एन जयशंकर"),
    ("PERSON", "जेपी नड्डा, जगत सिंह नड्डा"),
    ("PERSON", "डी राजा, ए राजा"),
    ("PERSON", "केसीआर, के चंद्रबाबू नायडू"),
    ("PERSON", "पीके, प्रशांत कुमार किशोर"),
    ("PERSON", "KK, कमल खन्ना"),
    ("PERSON", "एमके स्टालिन, एमके अलागिरी"),
    ("PERSON", "जोसेफ स्टालिन, एमके स्टालिन"),
    ("PERSON", "राजेश मिश्रा, रामि"),
    # acronyms
    ("ORGANIZATION", "बीजू जनता दल, बीजेपी"),
    ("ORGANIZATION", "राष्ट्रीय लोक दल, आरजेडी"),
    ("ORGANIZATION", "एनसीपी, एनपीपी, NPC"),
    ("ORGANIZATION", "भारतीय जनता पार्टी, भारतीय जनता युवा मोर्चा"),
    ("ORGANIZATION", "समाजवादी पार्टी, बसपा"),
    ("ORGANIZATION", "बहुजन समाज पार्टी, सपा"),
    ("ORGANIZATION", "सपा, बसपा, माकपा, भाकपा, भाजपा, राकांपा"),
    ("ORGANIZATION", "प्रवर्तन निदेशालय, ईडी"),
    ("ORGANIZATION", "भारतीय जनता पार्टी, एनडीए"),
    ("ORGANIZATION", "राष्ट्रीय जनता दल, राजग"),
    ("ORGANIZATION", "सेंट्रल बैंक, सीबीआई"),
    ("ORGANIZATION", "जी-20, जी-7, G8"),
    ("ORGANIZATION", "यूएन, यूएनएससी"),
    ("ORGANIZATION", "संयुक्त राष्ट्र, ईयू"),
    ("LOCATION", "उत्तर प्रदेश, एमपी"),
    ("LOCATION", "गंगा, गंगा ग्राम"),
    ("LOCATION", "मध्य प्रदेश, हिमाचल प्रदेश, यूपी"),
    ("ORGANIZATION", "भाजपा, BJD"),
    ("ORGANIZATION", "केरल कांग्रेस, कनाडा कांग्रेस, केसी"),  # either may be meant
    # the other alphabet
    ("PERSON", "करण, Kiran"),
    ("PERSON", "राम, Rama"),
    ("PERSON", "Mohan, मोहिनी"),
    ("PERSON", "Suresh, सुरेश्वर"),
    ("PERSON", "Modi, मोदक"),
    ("PERSON", "Rahul Gandhi, सोनिया गांधी"),
    ("PERSON", "Amit, उमेश"),
    ("PERSON", "Rita, रीति"),
    ("PERSON", "Shah, शी"),
    ("PERSON", "करण, कारण, Karan"),  # either may be meant
    ("LOCATION", "Patna, पाटन"),
    ("ORGANIZATION", "WHO, वाह"),
    ("ORGANIZATION", "Tata, टेटे"),
    ("ORGANIZATION", "Nato, नेता"),
]


@pytest.mark.parametrize(("label", "line"), APART)
def test_names_that_look_alike(label: str, line: str) -> None:
    assert groups(label, line) == [[form] for form in line.split(", ")]


def clusters(line: str) -> list[list[str]]:
    """The entities of inline annotated text, which is given along, as the forms of each."""
    example = parse_inline(line)
    made = [
        Mention(text=example.text[start:end], label=Label(label), start=start, end=end, sentence=0, score=1)
        for start, end, label in example.spans
    ]
    return [[mention.text for mention in entity.mentions] for entity in group_mentions(made, example.text)]


BRACKETS = [
    ("[प्रवर्तन निदेशालय](ORGANIZATION) (ईडी) ने कहा", [["प्रवर्तन निदेशालय"]]),
    (
        "[प्रवर्तन निदेशालय](ORGANIZATION) ([ईडी](ORGANIZATION)) ने कहा। [ED](ORGANIZATION) ने",
        [["प्रवर्तन निदेशालय", "ईडी", "ED"]],
    ),
    (
        "[डब्ल्यूएचओ](ORGANIZATION) ने कहा। [विश्व स्वास्थ्य संगठन](ORGANIZATION) ( ‘[WHO](ORGANIZATION)’ ) का",
        [["डब्ल्यूएचओ", "विश्व स्वास्थ्य संगठन", "WHO"]],
    ),
    ("[डब्ल्यूएचओ](ORGANIZATION) ([विश्व स्वास्थ्य संगठन](ORGANIZATION)) ने", [["डब्ल्यूएचओ", "विश्व स्वास्थ्य संगठन"]]),
    ("[उत्तर अटलांटिक संधि संगठन](ORGANIZATION) ([नाटो](ORGANIZATION)) में", [["उत्तर अटलांटिक संधि संगठन", "नाटो"]]),
    ("[आम आदमी पार्टी](ORGANIZATION) ([आप](ORGANIZATION)) के", [["आम आदमी पार्टी", "आप"]]),
    # no evidence
    ("[ग्रेटर नोएडा](LOCATION) ([यूपी](LOCATION)) में", [["ग्रेटर नोएडा"], ["यूपी"]]),
    ("[राम नगर](LOCATION) ([कृष्णा](LOCATION)) में", [["राम नगर"], ["कृष्णा"]]),
    ("[प्रवर्तन निदेशालय](ORGANIZATION), [ईडी](ORGANIZATION) ने", [["प्रवर्तन निदेशालय"], ["ईडी"]]),
    ("[संयुक्त राष्ट्र](ORGANIZATION) [डब्ल्यूएचओ](ORGANIZATION) ने", [["संयुक्त राष्ट्र"], ["डब्ल्यूएचओ"]]),
    ("[नरेंद्र मोदी](PERSON) ([भाजपा](ORGANIZATION)) ने", [["नरेंद्र मोदी"], ["भाजपा"]]),
    ("[तेलुगु देशम पार्टी](ORGANIZATION) ([कांग्रेस](ORGANIZATION)) में", [["तेलुगु देशम पार्टी"], ["कांग्रेस"]]),
    ("[भाजपा](ORGANIZATION) ([एनडीए](ORGANIZATION)) ने", [["भाजपा"], ["एनडीए"]]),
    ("[विश्व स्वास्थ्य संगठन](ORGANIZATION) (जिसमें [डब्ल्यूटीओ](ORGANIZATION)) ने", [["विश्व स्वास्थ्य संगठन"], ["डब्ल्यूटीओ"]]),
    (  # a name that has its own acronym
        "[भारतीय जनता पार्टी](ORGANIZATION) ([एनडीए](ORGANIZATION)) ने कहा। [बीजेपी](ORGANIZATION) के",
        [["भारतीय जनता पार्टी", "बीजेपी"], ["एनडीए"]],
    ),
    (  # an acronym that stands beside several names
        "[जनता दल](ORGANIZATION) ([एनडीए](ORGANIZATION)) और [लोक शक्ति](ORGANIZATION) ([एनडीए](ORGANIZATION)) ने",
        [["एनडीए", "एनडीए"], ["जनता दल"], ["लोक शक्ति"]],
    ),
    (  # an acronym that fits several names
        "[केरल कांग्रेस](ORGANIZATION) ([केसी](ORGANIZATION)), [कनाडा कांग्रेस](ORGANIZATION) और [केसी](ORGANIZATION)",
        [["केरल कांग्रेस", "केसी", "केसी"], ["कनाडा कांग्रेस"]],
    ),
]


@pytest.mark.parametrize(("line", "expected"), BRACKETS)
def test_an_acronym_in_brackets(line: str, expected: list[list[str]]) -> None:
    assert clusters(line) == expected


def test_initials_go_to_the_bearer_named_last() -> None:
    assert groups("PERSON", "राम सिंह, आर सिंह, रमेश सिंह, आर सिंह") == [["राम सिंह", "आर सिंह"], ["रमेश सिंह", "आर सिंह"]]


def test_a_demonym_alone_is_its_country() -> None:
    (entity,) = group_mentions(mentions("रूसी/NATIONALITY/RU"))
    assert (entity.name, entity.label, entity.country) == ("रूसी", Label.NATIONALITY, "RU")


def test_a_place_has_the_country_of_any_of_its_mentions() -> None:
    (entity,) = group_mentions(mentions("यूपी/LOCATION, उत्तर प्रदेश/LOCATION/IN"))
    assert (entity.name, entity.country) == ("उत्तर प्रदेश", "IN")


@pytest.mark.parametrize("label", ["PERSON", "ORGANIZATION", "LOCATION", "NUMBER"])
@pytest.mark.parametrize(
    "form", [".", "..", "A.", "P.P.", "-", "जी-", "9" * 5000, "G" + "9" * 5000, "\u200d", "ी", "é", "Ω", "()", "का"]
)
def test_any_form_has_an_entity(label: str, form: str) -> None:
    assert len(group_mentions(mentions(f"{form}/{label}, मोदी/{label}"), f"{form} मोदी")) == 2


def test_letters_are_known_by_their_names() -> None:
    rows = [(letter, form) for letter, kind, form in read_table("letter_names.tsv") if kind == "name"]
    assert {letter for letter, _ in rows} == set("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    for letter, form in rows:
        assert letters_of(form) == letter
    assert letters_of("डब्ल्यूडब्ल्यूएफ") == "WWF"
    assert [letters_of(word) for word in ("मोदी", "नासा", "पीसा", "us", "Us")] == [""] * 5


def test_the_rows_of_the_letters_can_be_used() -> None:
    rows = read_table("letter_names.tsv")
    assert len(set(rows)) == len(rows)
    assert {kind for _, kind, _ in rows} == {"name", "initial"}
    forms = [form for (form,) in read_table("joining_words.tsv")]
    assert len(set(forms)) == len(forms)


def test_sounds_of_scripts_that_are_not_read() -> None:
    assert sound_keys("Путин") == sound_keys("पुтин") == ()


def seconds(line: str) -> float:
    """The time of the processor that grouping takes."""
    made = mentions(line)
    start = time.process_time()
    assert sum(map(len, group_mentions(made, line))) == len(made)
    return time.process_time() - start


def letters(number: int) -> str:
    """A word for each number, in Latin letters."""
    return "".join(chr(ord("a") + int(digit)) for digit in str(number))


MANY = {
    "a surname that many share": lambda n: f"नाम{n} सिंह/PERSON, सिंह/PERSON",
    "many names": lambda n: f"नाम{n} कुल{n}/PERSON, कुल{n}/PERSON",
    "two words that many share": lambda n: f"राम {letters(n)} सिंह/PERSON, राम सिंह/PERSON",
    "initials": lambda n: f"आर सिंह/PERSON, र{letters(n)} सिंह/PERSON",
    "acronyms": lambda n: f"भाजपा/ORGANIZATION, भा{letters(n)} जनता पार्टी/ORGANIZATION",
    "the other alphabet": lambda n: f"{letters(n)} Singh/PERSON, सिंह/PERSON",
}


@pytest.mark.parametrize("kind", MANY)
def test_time_is_linear_in_the_mentions(kind: str) -> None:
    few = ", ".join(MANY[kind](n) for n in range(80_000, 81_000))
    many = ", ".join(MANY[kind](n) for n in range(10_000))  # 20,000 mentions
    assert seconds(many) < 30 * seconds(few) + 1  # ten times as many; quadratic time would be a hundred times as long


def test_a_surname_that_many_share_goes_to_each_in_turn() -> None:
    line = ", ".join(f"नाम{n} सिंह/PERSON, सिंह/PERSON" for n in range(10_000))
    assert [len(entity) for entity in group_mentions(mentions(line))] == [2] * 10_000
