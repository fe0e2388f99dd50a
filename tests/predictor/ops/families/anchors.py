"""The cases of `ops/anchors.cc`."""

from __future__ import annotations

from predictor.ops.case import Case, case

CASES: list[Case] = [
    case("_contrib_MultiBoxPrior", "", (1, 2, 3, 4)),
    case("_contrib_MultiBoxPrior", "sizes=(0.3, 0.6); ratios=(1, 2, 0.5)", (2, 1, 3, 5)),
    case("_contrib_MultiBoxPrior", "sizes=[0.9,0.2]; ratios=(2,); clip=True", (1, 1, 2, 2)),
    case("_contrib_MultiBoxPrior", "sizes=0.5; steps=(0.2, 0.3); offsets=(0.25, 0.75)", (1, 1, 3, 2)),
    *[
        case(
            "_contrib_MultiBoxDetection",
            attributes,
            (2, 4, 9),
            (2, 36),
            (1, 9, 4),
            kinds="unit inside corners",
        )
        for attributes in (
            "",
            "nms_threshold=0.2; force_suppress=True",
            "threshold=0.6; clip=False",
            "nms_topk=4",
            "nms_threshold=0",
            "variances=(0.2, 0.2, 0.1, 0.1); threshold=0.9; nms_threshold=0.3",
        )
    ],
    case("_contrib_MultiBoxDetection", "threshold=0.99", (1, 2, 3), (1, 12), (1, 3, 4), kinds="unit inside corners"),
    case("_contrib_MultiBoxDetection", "", (1, 2, 1), (1, 4), (1, 1, 4), kinds="unit inside corners"),
    case("_contrib_MultiBoxPrior", "sizes=(0.1, 0.2, 0.3); ratios=(1, 3)", (1, 1, 1, 1)),
    case("_contrib_MultiBoxPrior", "sizes=(1.5,); ratios=(1, 0.3, 3); clip=1; steps=(0.1, 0.1)", (1, 3, 5, 4)),
]
