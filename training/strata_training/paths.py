"""Where things lie in a checkout."""

from __future__ import annotations

from pathlib import Path

TRAINING = Path(__file__).resolve().parents[1]
ROOT = TRAINING.parent
CORPUS = TRAINING / "corpus"
QUESTIONS = TRAINING / "questions.jsonl"  # of readers
