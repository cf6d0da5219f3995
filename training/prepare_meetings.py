"""Writes the QMSum training meetings as transcripts, one ``speaker: text`` line a turn, with their questions.

usage: python training/prepare_meetings.py QMSUM.jsonl.gz [--out training/corpus/meetings.jsonl]

One line a meeting: ``{id, text, fileName, language, split, questions: [{query, spans}]}``; spans are inclusive turn ranges.
Every fourteenth meeting is held out (split ``dev``). Training goes on without this file where the source is absent.
"""

from __future__ import annotations

import argparse
import gzip
import json
from pathlib import Path

from strata_training.meetings import transcript
from strata_training.paths import CORPUS


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("source", type=Path)
    parser.add_argument("--out", type=Path, default=CORPUS / "meetings.jsonl")
    arguments = parser.parse_args()
    with gzip.open(arguments.source, "rt", encoding="utf-8") as lines, arguments.out.open("w", encoding="utf-8") as sink:
        for i, line in enumerate(lines):
            meeting = json.loads(line)
            questions = [{"query": q["query"], "spans": q["spans"]} for q in meeting["specific"] if q["spans"]]
            record = {"id": f"meeting:{meeting.get('id', i)}", "text": transcript(meeting["turns"]), "fileName": "meeting.txt",
                      "language": "plaintext", "split": "dev" if i % 14 == 13 else "train", "questions": questions}  # fmt: skip
            sink.write(json.dumps(record, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
