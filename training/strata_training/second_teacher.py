"""A second teacher, five times as large as the first: all-mpnet-base-v2 (Apache-2.0; 12 layers, D = 768), flat, each text read alone.

MPNet (Song et al. 2020, arXiv 2004.09297): a BERT whose attention logits have a learned bias for each head and bucket of the distance
between two tokens, in the buckets of T5 (Raffel et al. 2020, §2.1): exact up to 8 tokens, logarithmic up to 128, each direction its own.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

from .padding import runs_by_length
from .precision import fast_arithmetic

BUCKETS, EXACT, FARTHEST = 32, 8, 128
FILLER = 1  # id of the tokens that fill up a row; positions count from the next number
EPSILON = 1e-5
TOKENS_OF_RUN = 4096


def distance_buckets(tokens: int) -> Tensor:
    """Bucket of each pair of places [T, T], from the row's place to the column's."""
    place = torch.arange(tokens)
    distance = place[None, :] - place[:, None]
    far = distance.abs()
    half = BUCKETS // 2
    steps = torch.log(far.clamp(min=1) / EXACT) / math.log(FARTHEST / EXACT) * (half - EXACT)
    bucket = torch.where(far < EXACT, far, (EXACT + steps.long()).clamp(max=half - 1))
    return bucket + half * (distance > 0).long()


class SecondTeacher:
    def __init__(self, weights: Mapping[str, Tensor], pieces: Tokenizer, heads: int = 12) -> None:
        self.weights, self.pieces, self.heads = weights, pieces, heads
        self.layers = 1 + max(int(name.split(".")[2]) for name in weights if name.startswith("encoder.layer."))
        self.dimension = weights["embeddings.word_embeddings.weight"].shape[1]

    @classmethod
    def read(cls, folder: Path) -> SecondTeacher:
        """From ``model.safetensors`` and ``tokenizer.json`` in a folder."""
        weights = {name: w.to(torch.get_default_device()) for name, w in load_file(folder / "model.safetensors").items()}
        pieces = Tokenizer.from_file(str(folder / "tokenizer.json"))
        pieces.no_padding()
        pieces.no_truncation()
        return cls(weights, pieces)

    def tokens(self, texts: Sequence[str], at_most: int) -> list[list[int]]:
        """Ids of the word pieces of each text with the markers at both ends, cut to ``at_most``."""
        self.pieces.enable_truncation(at_most)
        return [encoding.ids for encoding in self.pieces.encode_batch(list(texts))]

    @torch.inference_mode()
    def vectors(self, texts: Sequence[str], at_most: int = 192) -> Tensor:
        """[n, D] of unit length: the means of the states of all tokens of each text."""
        ids = self.tokens(texts, at_most)
        found = torch.empty(len(ids), self.dimension)
        for some in runs_by_length([len(row) for row in ids], TOKENS_OF_RUN):
            rows = [ids[i] for i in some]
            width = max(map(len, rows))
            padded = torch.tensor([row + [FILLER] * (width - len(row)) for row in rows])
            mask = torch.arange(width) < torch.tensor([len(row) for row in rows])[:, None]
            with fast_arithmetic():
                states = self.states(padded, mask).float()
            found[some] = functional.normalize((states * mask[:, :, None]).sum(1), dim=-1)
        return found

    def states(self, ids: Tensor, mask: Tensor) -> Tensor:
        """ids int [B, T], mask bool [B, T] → states [B, T, D] of the last layer."""
        rows, width = ids.shape
        tables = "embeddings.word_embeddings.weight", "embeddings.position_embeddings.weight"
        positions = mask.long().cumsum(1) * mask + FILLER
        x = functional.embedding(ids, self.weights[tables[0]]) + functional.embedding(positions, self.weights[tables[1]])
        x = self.norm(x, "embeddings.LayerNorm")
        near = self.weights["encoder.relative_attention_bias.weight"][distance_buckets(width)].permute(2, 0, 1)
        bias = near[None] + torch.where(mask, 0.0, -1e9)[:, None, None, :]

        def split(y: Tensor) -> Tensor:
            return y.view(rows, width, self.heads, -1).transpose(1, 2)

        for layer in range(self.layers):
            name = f"encoder.layer.{layer}"
            query, key, value = (split(self.linear(x, f"{name}.attention.attn.{part}")) for part in "qkv")
            attended = functional.scaled_dot_product_attention(query, key, value, attn_mask=bias.to(query.dtype))
            attended = attended.transpose(1, 2).reshape(rows, width, -1)
            x = self.norm(self.linear(attended, f"{name}.attention.attn.o") + x, f"{name}.attention.LayerNorm")
            inner = functional.gelu(self.linear(x, f"{name}.intermediate.dense"))
            x = self.norm(self.linear(inner, f"{name}.output.dense") + x, f"{name}.output.LayerNorm")
        return x

    def linear(self, x: Tensor, name: str) -> Tensor:
        return functional.linear(x, self.weights[f"{name}.weight"], self.weights[f"{name}.bias"])

    def norm(self, x: Tensor, name: str) -> Tensor:
        return functional.layer_norm(x.float(), x.shape[-1:], self.weights[f"{name}.weight"], self.weights[f"{name}.bias"], EPSILON)


def joined(second: Tensor, first: Tensor, share: float) -> Tensor:
    """Map [E + D, D] from two teachers' vectors, side by side, to vectors that say what both say and lie as near the first as they can.

    second [n, E] and first [n, D], of unit length, of the same texts. The inner products of rows (second, √share · first) are the sum of both
    teachers' cosines; principal components keep most of them in D numbers, and a rotation (orthogonal Procrustes, Schönemann 1966)
    turns these towards the first teacher's.
    """
    rows = side_by_side(second, first, share)
    # Eigenvectors, because fewer texts than D have fewer singular vectors than D.
    components = torch.linalg.eigh(rows.T @ rows).eigenvectors[:, -first.shape[1] :]
    left, _, right = torch.linalg.svd(functional.normalize(rows @ components, dim=-1).T @ first)
    turned: Tensor = components @ (left @ right)
    return turned


def side_by_side(second: Tensor, first: Tensor, share: float) -> Tensor:
    """[n, E + D]; ``share`` is the weight of the first teacher's cosines, that of the second's being 1."""
    return torch.cat([second, share**0.5 * first], dim=1)
