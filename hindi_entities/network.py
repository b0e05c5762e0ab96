"""Stanza's `NERTagger` run directly: pieces in, emissions out, one tensor for each tag column.

This is how it is trained; `scorer.py` computes the same for use. It is what `NERTagger.forward` computes (the mix of the last
layers of the transformer at the last piece of each token, a BiLSTM, a linear layer per column), without its tokenization per
batch, its unused loss, and the padding of sentences that are shorter than the longest one by far: callers choose the batches.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from hindi_entities.stanza_parts import VOCAB_PREFIX_SIZE, CharVocab, CompositeVocab, MultiVocab, NERTagger

# What Stanza's own training would store for such a model; the values that shape the network come from the recipe.
BASE_ARGS: dict[str, Any] = {
    "shorthand": "hi_entities",
    "lang": "hi",
    "mode": "predict",
    "word_emb_dim": 0,
    "char": False,
    "charlm": False,
    "char_emb_dim": 0,
    "char_hidden_dim": 0,
    "char_lowercase": False,
    "lowercase": False,
    "emb_finetune": False,
    "emb_finetune_known_only": False,
    "bert_finetune": True,
    "bert_hidden_layers": 4,
    "use_peft": False,
    "hidden_dim": 192,
    "num_layers": 1,
    "dropout": 0.3,
    "word_dropout": 0.0,
    "locked_dropout": 0.0,
    "input_transform": False,
    "connect_output_layers": False,
    "scheme": "bioes",
    "train_scheme": "bioes",
    "predict_tagset": 0,
    "optim": "adamw",
    "lr": 1e-3,
    "momentum": 0.0,
    "max_grad_norm": 5.0,
}

TRANSFORMER = "bert_model."  # begins the names of its weights
MAX_PIECES = 500  # pieces a window, without the two special ones; the encoder has 512 positions
MAX_TOKEN_PIECES = 24  # of a token with more, the first ones and the last count


class Encoded(NamedTuple):
    """One window: piece ids with the special pieces, and for each token the position of its last piece."""

    ids: list[int]
    last: list[int]

    @property
    def size(self) -> int:
        """The number of pieces."""
        return len(self.ids)

    @property
    def tokens(self) -> int:
        """The number of tokens."""
        return len(self.last)


def make_vocabulary(columns: Sequence[Sequence[str]]) -> MultiVocab:
    """Stanza's vocabulary for the given tag columns, each a sequence of labels without prefix."""
    tags = [["O"] + [f"{prefix}-{label}" for label in labels for prefix in "BIES"] for labels in columns]
    rows = [tuple(column[min(row, len(column) - 1)] for column in tags) for row in range(max(map(len, tags)))]
    characters = [[(chr(code),) for code in (*range(0x20, 0x7F), *range(0x900, 0x980))]]
    return MultiVocab(
        {"char": CharVocab(characters, "hi"), "tag": CompositeVocab([[(row,) for row in rows]], "hi", idx=0, sep=None)}
    )


def build_network(args: dict[str, Any], vocabulary: MultiVocab, encoder: Path) -> NERTagger:
    """A `NERTagger` to be trained over the encoder in a folder, whose pooler, which no tagger uses, is dropped."""
    from transformers import AutoModel

    return _build(args, vocabulary, AutoModel.from_pretrained(encoder, local_files_only=True, dtype=torch.float32))


def load_network(saved: dict[str, Any], encoder: Path) -> NERTagger:
    """The whole `NERTagger` of a checkpoint; `encoder` is the folder with the shape of its transformer."""
    from transformers import AutoConfig, AutoModel

    bert = AutoModel.from_config(AutoConfig.from_pretrained(encoder, local_files_only=True), dtype=torch.float32)  # type: ignore[no-untyped-call]
    network = _build(saved["config"], MultiVocab.load_state_dict(saved["vocab"]), bert)
    network.load_state_dict(saved["model"])
    return network.eval()


def load_head(saved: dict[str, Any], width: int) -> tuple[NERTagger, dict[str, Tensor]]:
    """The `NERTagger` of a checkpoint without its transformer, of which only the `width` (hidden units) is known, and the
    transformer's weights by their names in it.

    Importing the package transformers' models and filling them takes longer than all the rest of loading a model.
    """
    network = _build(
        saved["config"], MultiVocab.load_state_dict(saved["vocab"]), SimpleNamespace(config=SimpleNamespace(hidden_size=width))
    )
    weights = saved["model"]
    network.load_state_dict({name: weight for name, weight in weights.items() if not name.startswith(TRANSFORMER)})
    return network.eval(), {
        name.removeprefix(TRANSFORMER): weight.float() for name, weight in weights.items() if name.startswith(TRANSFORMER)
    }


def _build(args: dict[str, Any], vocabulary: MultiVocab, bert: Any) -> NERTagger:
    if getattr(bert, "pooler", None) is not None:
        bert.pooler = None
    return NERTagger({**args, "bert_model": "encoder"}, vocabulary, bert_model=bert, force_bert_saved=True)


def load_tokenizer(encoder: Path) -> Tokenizer:
    """The fast tokenizer of an encoder's folder. Raises ValueError where there is none that can be read."""
    path = encoder / "tokenizer.json"
    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # tokenizers raises nothing more special
        raise ValueError(f"{path}: {error}") from error
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def encode(tokenizer: Tokenizer, sentences: Sequence[Sequence[str]]) -> list[list[Encoded]]:
    """The windows of each sentence of keys; a sentence of more than `MAX_PIECES` pieces has several, cut between tokens."""
    first, last = tokenizer.encode("", add_special_tokens=True).ids
    coded = tokenizer.encode_batch([list(s) for s in sentences], is_pretokenized=True, add_special_tokens=False)
    unknown = tokenizer.encode("-", add_special_tokens=False).ids
    result = []
    for sentence, encoding in zip(sentences, coded, strict=True):
        pieces: list[list[int]] = [[] for _ in sentence]
        for piece, word in zip(encoding.ids, encoding.word_ids, strict=True):
            if word is not None:  # None is a special piece, of which there are none here
                pieces[word].append(piece)
        windows: list[Encoded] = []
        ids: list[int] = []
        ends: list[int] = []
        for token in pieces:
            token = token or unknown
            if len(token) > MAX_TOKEN_PIECES:
                token = [*token[: MAX_TOKEN_PIECES - 1], token[-1]]
            if len(ids) + len(token) > MAX_PIECES:
                windows.append(Encoded([first, *ids, last], ends))
                ids, ends = [], []
            ids += token
            ends.append(len(ids))
        windows.append(Encoded([first, *ids, last], ends))
        result.append(windows)
    return result


def collate(windows: Sequence[Encoded], pad: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Pad windows, which come longest (in tokens) first: ids and mask [batch, pieces], last [batch, tokens], lengths."""
    width = max(len(w.ids) for w in windows)
    tokens = max(len(w.last) for w in windows)
    ids = torch.tensor([w.ids + [pad] * (width - len(w.ids)) for w in windows])
    mask = torch.tensor([[1] * len(w.ids) + [0] * (width - len(w.ids)) for w in windows])
    last = torch.tensor([w.last + [0] * (tokens - len(w.last)) for w in windows])
    return ids, mask, last, torch.tensor([len(w.last) for w in windows])


def emissions(model: NERTagger, ids: Tensor, mask: Tensor, last: Tensor, lengths: Tensor) -> list[Tensor]:
    """The emissions of a collated batch: [batch, tokens, tags] in float32 for each tag column. `lengths` is on the CPU."""
    states = model.bert_model(ids, attention_mask=mask, output_hidden_states=True).hidden_states
    layers = model.bert_layer_mix.in_features
    mixed = sum(states[-layers:]) / layers
    for weight, state in zip(model.bert_layer_mix.weight[0], states[-layers:], strict=True):
        mixed = mixed + weight * state
    words = mixed.gather(1, last.unsqueeze(2).expand(-1, -1, mixed.shape[2])).float()
    with torch.autocast(ids.device.type, enabled=False):
        packed = pack_padded_sequence(model.drop(words), lengths, batch_first=True)
        directions = model.taggerlstm_h_init.shape[0]
        shape = (directions, len(ids), model.args["hidden_dim"])
        start = (model.taggerlstm_h_init.expand(shape).contiguous(), model.taggerlstm_c_init.expand(shape).contiguous())
        hidden, _ = model.taggerlstm(packed, lengths, hx=start)
        output = model.drop(pad_packed_sequence(hidden, batch_first=True)[0])
        return [classifier(output) for classifier in model.tag_clfs]


def tag_names(vocabulary: MultiVocab, column: int) -> list[str]:
    """The tags of a column by id; Stanza's four special ids read as O, as in its own decoder."""
    names = vocabulary["tag"].items(column)
    return ["O"] * VOCAB_PREFIX_SIZE + list(names[VOCAB_PREFIX_SIZE:])
