"""The cases of `ops/sequence.cc`."""

from __future__ import annotations

from predictor.ops.case import Case, case, over

CASES: list[Case] = [
    *[
        case(op, f"use_sequence_length={use}", (4, 3, 2), *([(3,)] if use else []), kinds="any length")
        for op in ("SequenceLast", "SequenceMask", "SequenceReverse")
        for use in (True, False)
    ],
    *[
        case(op, "use_sequence_length=True; axis=1", (3, 4, 2, 2), (3,), kinds="any length")
        for op in ("SequenceLast", "SequenceMask")
    ],
    case("SequenceMask", "use_sequence_length=True; value=-1.5", (5, 2), (2,), kinds="any length"),
    case("SequenceReverse", "use_sequence_length=True", (1, 2, 3), (2,), kinds="any flag", types="float32 int32"),
    *over("SequenceLast SequenceMask SequenceReverse", "", [(1, 1, 1)], [(5, 2, 3)]),
    *over(
        "SequenceLast SequenceMask SequenceReverse", "use_sequence_length=1", [(5, 2, 1, 2), (2,)], kinds="any length"
    ),
]
