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
    from stanza.models.common.vocab import VOCAB_PREFIX_SIZE, CompositeVocab
    from stanza.models.ner.model import NERTagger
    from stanza.models.ner.trainer import fix_singleton_tags
    from stanza.models.ner.vocab import MultiVocab
    from stanza.models.pos.vocab import CharVocab

__all__ = ["VOCAB_PREFIX_SIZE", "CharVocab", "CompositeVocab", "MultiVocab", "NERTagger", "fix_singleton_tags"]
