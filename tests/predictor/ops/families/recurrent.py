"""The cases of `ops/recurrent.cc`."""

from __future__ import annotations

from predictor.ops.case import Case, case

CASES: list[Case] = [
    case("RNN", "mode=rnn_relu; state_size=2; num_layers=1", (4, 2, 3), (14,), (1, 2, 2)),
    case("RNN", "mode=rnn_tanh; state_size=2; num_layers=2", (4, 2, 3), (26,), (2, 2, 2)),
    case("RNN", "mode=lstm; state_size=4; num_layers=1", (4, 2, 3), (144,), (1, 2, 4), (1, 2, 4)),
    case(
        "RNN",
        "mode=lstm; state_size=2; num_layers=3; bidirectional=True; state_outputs=True; p=0.5",
        (4, 2, 3),
        (368,),
        (6, 2, 2),
        (6, 2, 2),
        outputs=3,
    ),
    case("RNN", "mode=gru; state_size=3; num_layers=1; state_outputs=True", (4, 2, 4), (81,), (1, 2, 3), outputs=2),
    case("RNN", "mode=gru; state_size=2; num_layers=2; bidirectional=True", (4, 2, 2), (168,), (4, 2, 2)),
    case("RNN", "mode=rnn_tanh; state_size=1; num_layers=1; state_outputs=True", (1, 1, 1), (4,), (1, 1, 1), outputs=2),
]
