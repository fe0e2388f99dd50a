#!/usr/bin/env python3
"""Train the digits model on scikit-learn's bundled handwritten digits and write everything that is committed.

    train_digits.py [--seeds N] [--directory DIRECTORY]

Needs the packages of requirements.txt; reads no network. Writes `digits-symbol.json`, `digits-0000.params`,
`digits-labels.txt` and the pictures `digit-0.png` ... `digit-9.png`.

The 1797 images are split once, by a fixed seed, into training, validation and test images. The recipe
(widths, epochs, learning rate, distortions) was settled on the validation images; the test images are read
once, at the end, to be reported. The shipped weights are those of seed 0 whatever the other seeds give: the
further seeds only say how much of the accuracy is luck.
"""

from __future__ import annotations

import argparse
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from mxnet_files import FloatArray, Symbol, params_bytes
from PIL import Image
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn

SPLIT_SEED = 0
TEST_IMAGES = 450
VALIDATION_IMAGES = 250
EPOCHS = 60
BATCH = 64
PEAK_LEARNING_RATE = 4e-3
WEIGHT_DECAY = 2e-2
WIDTHS = (16, 32, 48)  # filters of the three convolutions
BATCH_NORM_EPS = 1e-5
PARAMS_LIMIT = 200_000  # bytes: the model is committed


@dataclass(frozen=True)
class Part:
    """Some of the images: `pixels` is (n, 1, 8, 8) from 0 to 1, `digits` is (n,)."""

    pixels: torch.Tensor
    digits: torch.Tensor


@dataclass(frozen=True)
class Accuracy:
    """Share of right answers of one trained network."""

    validation: float
    test: float


def grey_images() -> tuple[np.ndarray, np.ndarray]:
    """Return all images as 8-bit grey values (n, 8, 8) and their digits (n,).

    scikit-learn counts ink from 0 to 16. The network is trained on what a PNG can hold, so that a picture
    read back from a file is the very thing that was split off here.
    """
    data = load_digits()
    return np.rint(data.images * (255 / 16)).astype(np.uint8), data.target


def split_indices(digits: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the indices of the training, validation and test images, each with its share of every digit."""
    rest, test = train_test_split(
        np.arange(len(digits)), test_size=TEST_IMAGES, stratify=digits, random_state=SPLIT_SEED
    )
    training, validation = train_test_split(
        rest, test_size=VALIDATION_IMAGES, stratify=digits[rest], random_state=SPLIT_SEED
    )
    return training, validation, test


def part_of(grey: np.ndarray, digits: np.ndarray, indices: np.ndarray) -> Part:
    """Return the chosen images as tensors."""
    pixels = torch.from_numpy(grey[indices].astype(np.float32) / 255).unsqueeze(1)
    return Part(pixels, torch.from_numpy(digits[indices]))


def make_network() -> nn.Sequential:
    """Return three convolutions with BatchNorm and ReLU, two poolings, a linear layer: 8x8 to 2x2 to 10."""
    layers: list[nn.Module] = []
    channels = 1
    for index, width in enumerate(WIDTHS):
        layers += [
            nn.Conv2d(channels, width, kernel_size=3, padding=1, bias=False),
            nn.BatchNorm2d(width, eps=BATCH_NORM_EPS),
            nn.ReLU(),
        ]
        if index > 0:
            layers.append(nn.MaxPool2d(2))
        channels = width
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(channels * 2 * 2, 10))


def distort(pixels: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Turn, scale and shift every image a little: up to 12 degrees, 10 % and half a pixel."""
    count = len(pixels)

    def uniform(limit: float) -> torch.Tensor:
        return (torch.rand(count, generator=generator) * 2 - 1) * limit

    angle, scale = uniform(math.radians(12)), 1 + uniform(0.1)
    # half a pixel of eight, in the coordinates of grid_sample, which run from -1 to 1
    shift_x, shift_y = uniform(0.125), uniform(0.125)
    cosine, sine = torch.cos(angle) * scale, torch.sin(angle) * scale
    rows = [torch.stack([cosine, -sine, shift_x], 1), torch.stack([sine, cosine, shift_y], 1)]
    grid = nn.functional.affine_grid(torch.stack(rows, 1), list(pixels.shape), align_corners=False)
    return nn.functional.grid_sample(pixels, grid, align_corners=False)


def train(training: Part, seed: int) -> nn.Sequential:
    """Return a network trained from `seed`: AdamW, the learning rate up for a tenth, then down to nothing."""
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
    network = make_network()
    steps = EPOCHS * math.ceil(len(training.digits) / BATCH)
    optimizer = torch.optim.AdamW(network.parameters(), lr=PEAK_LEARNING_RATE, weight_decay=WEIGHT_DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, PEAK_LEARNING_RATE, total_steps=steps, pct_start=0.1)
    network.train()
    for _ in range(EPOCHS):
        order = torch.randperm(len(training.digits), generator=generator)
        for batch in order.split(BATCH):
            answers = network(distort(training.pixels[batch], generator))
            loss = nn.functional.cross_entropy(answers, training.digits[batch], label_smoothing=0.05)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    return network.eval()


def accuracy(network: nn.Sequential, part: Part) -> float:
    """Return the share of images that the network names rightly."""
    with torch.no_grad():
        return float((network(part.pixels).argmax(1) == part.digits).double().mean())


def digits_symbol() -> str:
    """Return the symbol file of `make_network`, with the softmax that training keeps in its loss."""
    symbol = Symbol()
    x = symbol.variable("data")
    for index, width in enumerate(WIDTHS):
        x = symbol.layer(
            "Convolution",
            f"conv{index}",
            x,
            ["weight"],
            kernel=(3, 3),
            pad=(1, 1),
            num_filter=width,
            no_bias=True,
        )
        states = ["gamma", "beta", "moving_mean", "moving_var"]
        x = symbol.layer("BatchNorm", f"bn{index}", x, states, eps=BATCH_NORM_EPS, fix_gamma=False)
        x = symbol.operator("Activation", f"relu{index}", [x], act_type="relu")
        if index > 0:
            x = symbol.operator("Pooling", f"pool{index}", [x], kernel=(2, 2), stride=(2, 2), pool_type="max")
    x = symbol.operator("Flatten", "flatten", [x])
    x = symbol.layer("FullyConnected", "fc", x, ["weight", "bias"], num_hidden=10)
    return symbol.to_json(symbol.layer("SoftmaxOutput", "softmax", x, ["label"]))


def digits_arrays(network: nn.Sequential) -> dict[str, FloatArray]:
    """Return the weights under the names of `digits_symbol`."""
    arrays: dict[str, FloatArray] = {}

    def keep(kind: str, name: str, tensor: torch.Tensor) -> None:
        arrays[f"{kind}:{name}"] = tensor.detach().numpy()

    convolutions = [layer for layer in network if isinstance(layer, nn.Conv2d)]
    norms = [layer for layer in network if isinstance(layer, nn.BatchNorm2d)]
    for index, (convolution, norm) in enumerate(zip(convolutions, norms, strict=True)):
        keep("arg", f"conv{index}_weight", convolution.weight)
        keep("arg", f"bn{index}_gamma", norm.weight)
        keep("arg", f"bn{index}_beta", norm.bias)
        keep("aux", f"bn{index}_moving_mean", norm.running_mean)
        keep("aux", f"bn{index}_moving_var", norm.running_var)
    keep("arg", "fc_weight", network[-1].weight)
    keep("arg", "fc_bias", network[-1].bias)
    return arrays


def write_model(directory: Path, network: nn.Sequential) -> None:
    """Write the symbol, the weights and the labels."""
    params = params_bytes(digits_arrays(network))
    if len(params) > PARAMS_LIMIT:
        raise ValueError(f"digits-0000.params would be {len(params)} bytes, more than {PARAMS_LIMIT}")
    (directory / "digits-symbol.json").write_text(digits_symbol(), encoding="utf-8")
    (directory / "digits-0000.params").write_bytes(params)
    (directory / "digits-labels.txt").write_text("".join(f"{digit}\n" for digit in range(10)), encoding="utf-8")


def write_pictures(directory: Path, grey: np.ndarray, digits: np.ndarray, test: np.ndarray) -> None:
    """Write the first picture of each digit in the test split, in the order of the split."""
    for digit in range(10):
        first = next(index for index in test if digits[index] == digit)
        Image.fromarray(grey[first]).save(directory / f"digit-{digit}.png", optimize=True)


def main() -> None:
    """Train one network per seed, write the one of seed 0 and print the accuracies."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=5, metavar="N", help="train with the seeds 0 ... N-1 (default 5)")
    parser.add_argument(
        "--directory",
        type=Path,
        default=Path(__file__).parent,
        help="where to write (default: beside this script)",
    )
    options = parser.parse_args()
    torch.set_num_threads(1)  # the order of sums, and so the weights, must not depend on the machine's cores
    grey, digits = grey_images()
    training, validation, test = (part_of(grey, digits, indices) for indices in split_indices(digits))
    counts = [len(part.digits) for part in (training, validation, test)]
    print("{} training, {} validation, {} test images".format(*counts))

    results: list[Accuracy] = []
    for seed in range(options.seeds):
        network = train(training, seed)
        if seed == 0:
            write_model(options.directory, network)
            write_pictures(options.directory, grey, digits, split_indices(digits)[2])
        results.append(Accuracy(accuracy(network, validation), accuracy(network, test)))
        print(f"seed {seed}: validation {results[-1].validation:.2%}, test {results[-1].test:.2%}", flush=True)
    tests = np.array([result.test for result in results])
    print(f"test over {len(tests)} seeds: mean {tests.mean():.2%}, from {tests.min():.2%} to {tests.max():.2%}")


if __name__ == "__main__":
    main()
