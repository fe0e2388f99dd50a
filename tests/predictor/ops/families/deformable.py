"""The cases of `ops/deformable.cc`."""

from __future__ import annotations

from predictor.ops.case import Case, case

_CASES = [
    # attributes, image, filters, kernel, results, groups, groups of displacements, bias
    ("", (1, 2, 5, 6), 3, (3, 3), (3, 4), 1, 1, True),
    ("pad=(1, 1)", (2, 4, 4, 5), 4, (3, 3), (4, 5), 2, 2, True),
    ("stride=(2, 2); pad=(1, 0)", (1, 2, 6, 5), 2, (2, 3), (4, 2), 1, 1, False),
    ("dilate=(2, 1); pad=(2, 1)", (1, 4, 5, 5), 4, (3, 3), (5, 5), 1, 4, True),
    ("", (3, 1, 2, 2), 2, (1, 1), (2, 2), 1, 1, False),
    ("pad=(2, 2); stride=(3, 1)", (1, 3, 4, 4), 3, (1, 2), (3, 7), 3, 1, True),
]


def _case(op: str, index: int) -> Case:
    attributes, image, filters, kernel, results, groups, sets, has_bias = _CASES[index]
    taps = kernel[0] * kernel[1] * sets
    is_masked = op.startswith("Modulated")
    return case(
        f"_contrib_{op}",
        f"kernel={kernel}; num_filter={filters}; num_group={groups}; num_deformable_group={sets}"
        f"; no_bias={not has_bias}" + (f"; {attributes}" if attributes else ""),
        image,
        (image[0], 2 * taps, *results),
        *([(image[0], taps, *results)] if is_masked else []),
        (filters, image[1] // groups, *kernel),
        *([(filters,)] if has_bias else []),
    )


CASES: list[Case] = [
    _case(op, index)
    for op in ("DeformableConvolution", "ModulatedDeformableConvolution")
    for index in range(len(_CASES))
]
