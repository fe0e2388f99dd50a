"""The cases of `ops/proposals.cc`."""

from __future__ import annotations

from predictor.ops.case import Case, case

CASES: list[Case] = [
    *[
        case(
            op,
            f"scales=(1, 2); ratios=(0.5, 1, 2); rpn_min_size=4; {rest}",
            (1, 12, 4, 5),
            (1, 24, 4, 5),
            (1, 3),
            kinds="unit inside image",
            outputs=2 if "output_score" in rest else 1,
        )
        for op in ("_contrib_Proposal", "_contrib_MultiProposal")
        for rest in (
            "rpn_post_nms_top_n=10; feature_stride=8",
            "rpn_post_nms_top_n=7; threshold=0.3; feature_stride=16; output_score=True",
            "rpn_pre_nms_top_n=20; rpn_post_nms_top_n=30; threshold=0.5; feature_stride=8",
            "rpn_post_nms_top_n=10; feature_stride=8; iou_loss=True",
        )
    ],
    case(
        "_contrib_MultiProposal",
        "scales=(2,); ratios=(1,); rpn_min_size=2; rpn_post_nms_top_n=6; feature_stride=8",
        (2, 2, 3, 3),
        (2, 4, 3, 3),
        (2, 3),
        kinds="unit inside image",
    ),
    *[
        case(
            "_contrib_Proposal",
            f"scales={scales}; ratios=(1,); rpn_min_size={least}; rpn_post_nms_top_n=5; feature_stride=12",
            (1, 2 * anchors, 3, 4),
            (1, 4 * anchors, 3, 4),
            (1, 3),
            kinds="unit inside image",
        )
        for scales, anchors, least in (("(2,)", 1, 1), ("(1, 4)", 2, 6))
    ],
    case(
        "_contrib_MultiProposal",
        "scales=(1, 4); ratios=(0.5, 2); rpn_min_size=1; rpn_post_nms_top_n=8; feature_stride=16; output_score=True",
        (3, 8, 2, 3),
        (3, 16, 2, 3),
        (3, 3),
        kinds="unit inside image",
        outputs=2,
    ),
]
