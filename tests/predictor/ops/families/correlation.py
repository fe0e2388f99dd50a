"""The cases of `ops/correlation.cc`."""

from __future__ import annotations

from predictor.ops.case import Case, case

CASES: list[Case] = [
    case("Correlation", attributes, shape, shape)
    for attributes, shape in (
        ("", (1, 1, 3, 3)),
        ("max_displacement=2; pad_size=2", (2, 3, 5, 4)),
        ("kernel_size=3; max_displacement=1; pad_size=2", (1, 2, 5, 6)),
        ("max_displacement=4; stride1=2; stride2=2; pad_size=4; is_multiply=True", (1, 2, 6, 7)),
        ("kernel_size=3; max_displacement=2; stride2=2; pad_size=3; is_multiply=False", (2, 1, 4, 4)),
        ("max_displacement=0; stride1=3", (1, 5, 7, 4)),
    )
]
