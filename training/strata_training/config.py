"""All settings of the encoder in one place."""

from __future__ import annotations

from dataclasses import dataclass

LEVELS = 5  # levels of children: families of tokens, pieces, blocks, units, parts
PIECE_LEVEL = 1
# How documents are packed (docs/model-contract.md, Levels): children of a piece, block, unit and part at most, and tokens of a part. The engine
# reads those of a segment from the manifest.
CAPS = (32, 32, 32, 32)
PART_TOKENS, SEGMENT_TOKENS = 2_048, 4_096
GENRES = ("code", "prose", "transcript", "data")
SCALES = ("ownWords", "words", "statement", "neighbours", "passage", "stretch", "block", "unit", "part", "file")
STATEMENT, WORDS = SCALES.index("statement"), SCALES.index("words")
VECTORS = slice(STATEMENT, None)  # those of the scales that compare vectors
# The scales block and unit of a transcript, in leaves, as src/engine/hierarchy/speech/transcript.ts groups them: a turn is a unit to the encoder,
# but too small a one to be read for more.
TURNS = {"block": 10, "unit": 40}
# Scales that the tree's borders do not limit. Neighbours: so many leaves before and after a leaf. Passage and stretch: of all runs of so many
# leaves that contain the leaf, the one closest to the question.
NEIGHBOURS = {"code": (10, 0), "prose": (10, 0), "transcript": (7, 3), "data": (10, 0)}
RUNS = {"passage": 20, "stretch": 80}
# Runs whose tokens the words of a question are compared with: so many leaves, ending with a leaf or up to so many after it (experiment 35).
WORDS_RUN = {"code": (15, 3), "prose": (15, 0), "transcript": (20, 0), "data": (15, 3)}

# How far a question is led on by the leaves that it finds first (docs/model-contract.md, Heat; experiment 12).
FEEDBACK = {"code": 0.0, "prose": 1.0, "transcript": 2.2, "data": 0.0}
FEEDBACK_LEAVES = 10


@dataclass(frozen=True)
class EncoderConfig:
    vocabulary: int = 30522
    positions: int = 512
    dimension: int = 384
    heads: int = 12
    hidden: int = 1536
    token_layers: int = 6
    upper_layers: int = 2
    max_distance: int = 16  # sibling distances are clipped to this for the learned bias
    epsilon: float = 1e-12  # of LayerNorm, as in BERT
    start_bias: tuple[float, ...] = (0.0, 0.0, 0.0, -3.0, -4.0)  # by level: closed above function and section, or attention leaks

    @property
    def layers(self) -> int:
        return self.token_layers + self.upper_layers
