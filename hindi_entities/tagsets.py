"""The tag sets of the corpora and how they map to the labels of this library."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

UNIFIED: Final = "unified"

# The tags of each corpus, in the order in which scores are listed. The model has one tag column for each of the first three.
TAGSETS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        UNIFIED: ("PERSON", "LOCATION", "ORGANIZATION", "NATIONALITY"),
        "ilner": ("NEP", "NEL", "NEO", "NEN", "NETI", "NEAR"),
        "hiner": (
            "PERSON",
            "LOCATION",
            "ORGANIZATION",
            "NUMEX",
            "TIMEX",
            "MISC",
            "LANGUAGE",
            "GAME",
            "LITERATURE",
            "RELIGION",
            "FESTIVAL",
        ),
    }
)

# The labels that `evaluate --tagset unified` scores: a country counts as a location, a demonym is not scored.
SCORED: Final = ("PERSON", "LOCATION", "ORGANIZATION", "TIME", "NUMBER", "ARTIFACT")

# IL-NER writes measures as NEU and NED in a few places; they are numbers (NEN).
REPAIRED: Final = MappingProxyType({"NEU": "NEN", "NED": "NEN"})

_FROM_ILNER = {"NEP": "PERSON", "NEL": "LOCATION", "NEO": "ORGANIZATION", "NEN": "NUMBER", "NETI": "TIME", "NEAR": "ARTIFACT"}
_FROM_HINER = {"NUMEX": "NUMBER", "TIMEX": "TIME", "LITERATURE": "ARTIFACT"}
_FROM_WIKIANN = {"PER": "PERSON", "LOC": "LOCATION", "ORG": "ORGANIZATION"}
_FROM_MULTICONER = {
    **dict.fromkeys(("Politician", "Artist", "Athlete", "Scientist", "Cleric", "SportsManager", "OtherPER"), "PERSON"),
    **dict.fromkeys(("HumanSettlement", "Station", "Facility", "OtherLOC"), "LOCATION"),
    **dict.fromkeys(
        (
            "ORG",
            "PublicCorp",
            "PrivateCorp",
            "PrivateCORP",
            "SportsGRP",
            "MusicalGRP",
            "CarManufacturer",
            "AerospaceManufacturer",
        ),
        "ORGANIZATION",
    ),
}
_FROM_ONTONOTES = {
    **dict.fromkeys(("GPE", "FAC"), "LOCATION"),
    "DATE": "TIME",
    **dict.fromkeys(("CARDINAL", "ORDINAL", "QUANTITY", "MONEY", "PERCENT"), "NUMBER"),
    **dict.fromkeys(("PRODUCT", "WORK_OF_ART"), "ARTIFACT"),
}

# Any tag of any corpus to a unified label; a tag that is not here has none. COUNTRY is a kind of LOCATION.
TO_UNIFIED: Final[Mapping[str, str]] = MappingProxyType(
    {
        **{label: label for label in (*SCORED, "NATIONALITY")},
        "COUNTRY": "LOCATION",
        **_FROM_ILNER,
        **_FROM_HINER,
        **_FROM_WIKIANN,
        **_FROM_MULTICONER,
        **_FROM_ONTONOTES,
    }
)
