"""The cases of `ops/boxes.cc`."""

from __future__ import annotations

from predictor.ops.case import Case, case, over

CASES: list[Case] = [
    *[
        case("_contrib_box_nms", attributes, (12, 6), kinds="detections")
        for attributes in (
            "",
            "overlap_thresh=0.1; id_index=0",
            "overlap_thresh=0.1; id_index=0; force_suppress=True",
            "topk=5; valid_thresh=0.3; overlap_thresh=0.3",
            "id_index=0; background_id=0; overlap_thresh=0.2",
            "out_format=center; overlap_thresh=0.3",
            "in_format=center; overlap_thresh=0.4",
            "in_format=center; out_format=center; overlap_thresh=0.4",
        )
    ],
    case(
        "_contrib_box_nms",
        "coord_start=2; score_index=1; id_index=0; overlap_thresh=0.2",
        (2, 7, 6),
        kinds="detections",
    ),
    case("_contrib_box_nms", "valid_thresh=2", (4, 6), kinds="detections"),
    case("_contrib_box_nms", "", (1, 6), kinds="detections"),
    case("_contrib_box_iou", "", (3, 4), (5, 4), kinds="corners"),
    case("_contrib_box_iou", "format=center", (2, 3, 4), (2, 4), kinds="corners"),
    case("_contrib_box_decode", "", (2, 5, 4), (1, 5, 4), kinds="any corners"),
    case(
        "_contrib_box_decode",
        "std0=0.1; std1=0.1; std2=0.2; std3=0.2; format=corner",
        (2, 5, 4),
        (1, 5, 4),
        kinds="any corners",
    ),
    case("_contrib_box_decode", "clip=0.5; format=corner", (1, 5, 4), (1, 5, 4), kinds="any corners"),
    case("_contrib_bipartite_matching", "threshold=0.2", (5, 7), kinds="unit", outputs=2),
    case("_contrib_bipartite_matching", "threshold=0.2; topk=2", (2, 4, 3), kinds="unit", outputs=2),
    case("_contrib_bipartite_matching", "threshold=0.8; is_ascend=True", (3, 4), kinds="unit", outputs=2),
    *over("_contrib_box_iou", "", [(1, 4), (1, 4)], [(2, 2, 4), (3, 4)], kinds="corners"),
    *over("_contrib_box_iou", "format=center", [(4, 4), (2, 4)], [(7, 4), (1, 4)], kinds="corners"),
    *[
        case("_contrib_box_decode", attributes, (batch, boxes, 4), (1, boxes, 4), kinds="any corners")
        for attributes, batch, boxes in (("clip=0.1", 1, 1), ("std0=2; format=center", 3, 2), ("format=corner", 2, 17))
    ],
    *[
        case("_contrib_bipartite_matching", attributes, shape, kinds="unit", outputs=2)
        for attributes, shape in (
            ("threshold=0.5", (1, 1)),
            ("threshold=1e-12; topk=3", (6, 3)),
            ("threshold=0.1", (3, 2, 5)),
        )
    ],
]
