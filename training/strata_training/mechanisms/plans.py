"""The mechanisms that are compared, by name. Windows, segments and strides are of one size; a token looks at one or two of them."""

from __future__ import annotations

from collections.abc import Callable

from ..config import EncoderConfig
from .flat import Flat
from .focal import Focal
from .han import Local
from .hsa import Hsa
from .policy import Mechanism
from .pvt import Pvt
from .recurrence import Recurrence
from .sparse import Axial, Strided
from .stack import Plan
from .swin import Swin

WINDOW = 64  # tokens; hierarchical attention has about 41 columns: 19 tokens with itself, 8 other pieces, a block and 13 units
PIECES = 16  # in a window of Swin's second stage
SEGMENT = MEMORY = 64
MERGE_AFTER = 3


def swin(layer: int, _: EncoderConfig) -> Mechanism:
    return Swin(WINDOW, shifted=layer % 2 == 1)


def swin_stages(layer: int, _: EncoderConfig) -> Mechanism:
    return Swin(WINDOW if layer < MERGE_AFTER else PIECES, shifted=layer % 2 == 1)


def hsa(layer: int, config: EncoderConfig) -> Mechanism:
    return Hsa(config.heads, config.start_bias, config.max_distance)


def han(layer: int, _: EncoderConfig) -> Mechanism:
    return Local() if layer < MERGE_AFTER else Flat()


def pyramid(layer: int, config: EncoderConfig) -> Mechanism:
    lowest = 0 if layer < MERGE_AFTER else 1
    return Hsa(config.heads, config.start_bias[lowest:], config.max_distance)


def everywhere(make: Callable[[], Mechanism]) -> Callable[[int, EncoderConfig], Mechanism]:
    return lambda layer, config: make()


PLANS: dict[str, Plan] = {
    "flat": Plan("Flat", everywhere(Flat)),
    "hsa": Plan("HSA", hsa),
    "focal": Plan("Focal", everywhere(Focal)),
    "swin": Plan("Swin, one stage", swin),
    "swin-stages": Plan("Swin, two stages", swin_stages, merge_after=MERGE_AFTER),
    "pvt": Plan("PVT", everywhere(Pvt)),
    "han": Plan("HAN", han, merge_after=MERGE_AFTER, learned_pooling=True),
    "pyramid": Plan("HRT pyramid", pyramid, merge_after=MERGE_AFTER, looks_back=True),
    "transformer-xl": Plan("Transformer-XL", everywhere(lambda: Recurrence(SEGMENT, MEMORY))),
    "strided": Plan("Strided sparse", everywhere(lambda: Strided(WINDOW))),
    "axial": Plan("Axial", everywhere(lambda: Axial(WINDOW))),
}
