#!/usr/bin/env python3
"""Make the networks in `networks` with PyTorch: `export_pytorch.py`.

Needs PyTorch, which the tests do not: what it writes is committed. Made with torch 2.13.0 (the wheel for the CPU) and
onnxscript 0.7.2; PyTorch has two exporters, and each writes shapes in its own way.
"""

from __future__ import annotations

from pathlib import Path

import onnx
import torch
from torch import nn
from torch.nn import functional

FOLDER = Path(__file__).parent / "networks"


class Image(nn.Module):
    """What image networks have: residual sums, groups, channels that change places, upsampling."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 8, 3, 2, 1, bias=False), nn.BatchNorm2d(8), nn.ReLU6())
        self.depth = nn.Conv2d(8, 8, 3, padding=1, groups=8)
        self.norm = nn.GroupNorm(2, 8)
        self.excite = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Conv2d(8, 8, 1), nn.Hardsigmoid())
        self.up = nn.ConvTranspose2d(8, 8, 2, 2)
        self.slope = nn.PReLU(8)
        self.answer = nn.Linear(8, 5)

    def forward(self, image: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return probabilities and a map."""
        x = self.stem(image)
        y = functional.silu(self.norm(self.depth(x)))
        x = x + y * self.excite(y)
        batch, channels, height, width = x.shape
        x = x.view(batch, 2, channels // 2, height, width).transpose(1, 2).reshape(batch, channels, height, width)
        a, b = functional.pad(x, (1, 0, 0, 1)).chunk(2, 1)
        x = torch.cat([functional.gelu(a), functional.hardswish(b)], 1)[:, :, :-1, 1:]
        x = self.slope(self.up(functional.max_pool2d(x, 3, 2, 1)))
        maps = functional.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)
        maps = functional.pixel_shuffle(functional.interpolate(maps, scale_factor=2, mode="nearest"), 2)
        x = functional.adaptive_avg_pool2d(x, 1).flatten(1)
        return functional.softmax(self.answer(x), dim=-1), maps.mean(1, keepdim=True)


class Text(nn.Module):
    """A transformer with a token for the class in front of its words."""

    def __init__(self) -> None:
        super().__init__()
        self.table = nn.Embedding(50, 16)
        self.token = nn.Parameter(torch.randn(1, 1, 16))
        self.layer = nn.TransformerEncoderLayer(16, 4, 32, batch_first=True)
        self.answer = nn.Linear(16, 5)

    def forward(self, words: torch.Tensor) -> torch.Tensor:
        """Return a score for each class."""
        x = torch.cat([self.token.expand(words.shape[0], -1, -1), self.table(words)], 1)
        return self.answer(self.layer(x)[:, 0])


class Sequence(nn.Module):
    """Recurrent layers in both directions and one."""

    def __init__(self) -> None:
        super().__init__()
        self.both = nn.LSTM(6, 5, 2, bidirectional=True, batch_first=True)
        self.one = nn.GRU(10, 4)
        self.answer = nn.Linear(4, 3)

    def forward(self, steps: torch.Tensor) -> torch.Tensor:
        """Return a score for each class."""
        y, _ = self.both(steps)
        z, _ = self.one(y.transpose(0, 1))
        return self.answer(z[-1])


NETWORKS = (
    (Image(), "image", torch.zeros(2, 3, 32, 48), {0: "batch", 2: "height", 3: "width"}),
    (Text(), "words", torch.zeros(2, 7, dtype=torch.int64), {0: "batch", 1: "length"}),
    (Sequence(), "steps", torch.zeros(2, 7, 6), {0: "batch"}),
)


def main() -> None:
    """Write each network as both exporters do."""
    torch.manual_seed(1)
    FOLDER.mkdir(exist_ok=True)
    for network, name, example, axes in NETWORKS:
        network.eval()
        for parameter in network.parameters():
            nn.init.uniform_(parameter, -0.5, 0.5)
        old, new = (FOLDER / f"pytorch-{name}-{kind}.onnx" for kind in ("traced", "exported"))
        torch.onnx.export(
            network, (example,), old, dynamo=False, opset_version=17, input_names=[name], dynamic_axes={name: axes}
        )
        shapes = dict.fromkeys(axes, torch.export.Dim.DYNAMIC)
        torch.onnx.export(
            network, (example,), new, dynamo=True, external_data=False, input_names=[name],
            dynamic_shapes=(shapes,), optimize=True,
        )  # fmt: skip
        for path in (old, new):
            without_notes(path)


def without_notes(path: Path) -> None:
    """Take out where in whose files each node was made."""
    model = onnx.load(path)
    for each in (model, model.graph, *model.graph.node, *model.graph.value_info, *model.graph.initializer):
        del each.metadata_props[:]
        each.ClearField("doc_string")
    onnx.save(model, path)


if __name__ == "__main__":
    main()
