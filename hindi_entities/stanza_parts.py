"""The parts of Stanza that the library uses, imported without opening a socket, or a warning in notebooks.

Stanza imports requests, whose urllib3 opens a socket at import to see whether this machine has IPv6. It asks
`socket.has_ipv6` first; while Stanza is imported that says no, and urllib3 is told afterwards what Python says.
In a notebook tqdm, which Stanza imports too, warns where ipywidgets is not installed; no progress bar of it is ever shown.
"""

from __future__ import annotations

import socket
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def _without_probe() -> Iterator[None]:
    known = "urllib3.util.connection" in sys.modules
    has_ipv6 = socket.has_ipv6
    socket.has_ipv6 = False
    try:
        yield
    finally:
        socket.has_ipv6 = has_ipv6
        connection = sys.modules.get("urllib3.util.connection")
        if connection is not None and not known:
            connection.HAS_IPV6 = has_ipv6  # type: ignore[attr-defined]


with _without_probe(), warnings.catch_warnings():
    warnings.filterwarnings("ignore", message="IProgress not found")
    from stanza.models.common.bert_embedding import load_tokenizer
    from stanza.models.common.char_model import CharacterLanguageModel
    from stanza.models.common.doc import Document
    from stanza.models.common.pretrain import Pretrain
    from stanza.models.common.vocab import VOCAB_PREFIX_SIZE, BaseVocab, CompositeVocab
    from stanza.models.ner.data import DataLoader
    from stanza.models.ner.model import NERTagger
    from stanza.models.ner.trainer import fix_singleton_tags, unpack_batch
    from stanza.models.ner.vocab import MultiVocab
    from stanza.models.pos.vocab import CharVocab
    from stanza.resources.common import DEFAULT_MODEL_DIR

__all__ = [
    "DEFAULT_MODEL_DIR",
    "VOCAB_PREFIX_SIZE",
    "BaseVocab",
    "CharVocab",
    "CharacterLanguageModel",
    "CompositeVocab",
    "DataLoader",
    "Document",
    "MultiVocab",
    "NERTagger",
    "Pretrain",
    "fix_singleton_tags",
    "load_tokenizer",
    "unpack_batch",
]
