"""Meetings of QMSum as the transcripts that are read."""

from __future__ import annotations


def transcript(turns: list[dict[str, str]]) -> str:
    """One line a turn; line breaks inside a turn become blanks, so that turn i is line i."""
    return "\n".join(f"{' '.join(t['speaker'].split())}: {' '.join(t['text'].split())}" for t in turns) + "\n"
