"""The page that recognises pictures, in Chromium: drawing, dropping, choosing, other models, and what goes wrong."""

from __future__ import annotations

import base64
import io
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from builds import artefacts
from builds.javascript.conftest import MODELS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = [pytest.mark.browser, pytest.mark.emscripten, pytest.mark.slow]

PAGE = artefacts.REPOSITORY / "examples" / "web"
SEVEN = [(60, 50), (220, 50), (120, 240)]
ONE = [(140, 30), (140, 250)]
DROP = """([bytes, name, type]) => {
  const transfer = new DataTransfer();
  transfer.items.add(new File([Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0))], name, { type }));
  document.getElementById('drop').dispatchEvent(new DragEvent('drop', { bubbles: true, dataTransfer: transfer }));
}"""


@pytest.fixture(scope="module")
def page_folder(package: Path, shared_folder: Path) -> Path:
    """Return the folder of the page, put together as its Makefile does."""

    def make(folder: Path) -> None:
        sources = folder.with_name("page-sources")
        shutil.rmtree(sources, ignore_errors=True)
        shutil.copytree(PAGE, sources, ignore=shutil.ignore_patterns("node_modules", "dist"))
        modules = artefacts.node_modules(shared_folder, *artefacts.packers()) / "node_modules"
        (sources / "node_modules").symlink_to(modules)
        artefacts.run(["node", sources / "pack.mjs", package, MODELS, folder])

    return artefacts.once(shared_folder / "npm" / "page", make)


@pytest.fixture(params=["served", "from the disk"])
def page(
    request: pytest.FixtureRequest,
    browser: Any,  # noqa: ANN401 - playwright's
    page_folder: Path,
    serve: Callable[[Path], str],
) -> Iterator[Any]:
    """Return the page, ready, from a server and as the one file in turn; nothing may be written to its console."""
    is_served = request.param == "served"
    page = browser.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"{serve(page_folder)}/index.html" if is_served else (page_folder / "single.html").as_uri())
    ready(page)
    yield page
    page.close()
    assert said == []


def ready(page: Any) -> None:  # noqa: ANN401
    page.wait_for_function("() => document.getElementById('status').textContent === 'Ready'")


def draw(page: Any, points: list[tuple[int, int]]) -> None:  # noqa: ANN401
    page.click("#clear")
    page.locator("#drawing").scroll_into_view_if_needed()
    box = page.locator("#drawing").bounding_box()
    corners = [(box["x"] + x * box["width"] / 280, box["y"] + y * box["height"] / 280) for x, y in points]
    page.mouse.move(*corners[0])
    page.mouse.down()
    for corner in corners[1:]:
        page.mouse.move(*corner, steps=8)
    page.mouse.up()


def first_answer(page: Any) -> str:  # noqa: ANN401
    page.wait_for_function("() => document.querySelector('#answers li')")
    answer: str = page.locator("#answers li strong").first.inner_text()
    return answer


def failure(page: Any) -> str:  # noqa: ANN401
    page.wait_for_selector("#status.failed")
    text: str = page.locator("#status").inner_text()
    return text


def test_a_digit_that_is_drawn_is_recognised(page: Any) -> None:  # noqa: ANN401
    draw(page, SEVEN)
    assert first_answer(page) == "7"
    assert page.locator("#answers li").count() == 5
    draw(page, ONE)
    assert first_answer(page) == "1"
    assert page.locator("#facts dt").all_inner_texts() == ["Time", "Downloaded", "Runs in"]


def test_an_engine_without_simd_recognises_too(
    browser: Any,  # noqa: ANN401
    page_folder: Path,
    serve: Callable[[Path], str],
) -> None:
    page = browser.new_page()
    page.add_init_script("WebAssembly.validate = () => false;")
    page.goto(f"{serve(page_folder)}/index.html")
    ready(page)
    draw(page, SEVEN)
    assert first_answer(page) == "7"
    page.close()


def test_what_has_been_downloaded_is_counted_with_the_model(
    browser: Any,  # noqa: ANN401
    page_folder: Path,
    serve: Callable[[Path], str],
) -> None:
    page = browser.new_page()
    page.goto(f"{serve(page_folder)}/index.html")
    ready(page)
    draw(page, SEVEN)
    first_answer(page)
    shown = int(page.locator("#facts dd").nth(1).inner_text().removesuffix(" kB"))
    page.close()
    others = {"predictor-compat.mjs", "single.html"}
    size = sum(file.stat().st_size for file in page_folder.iterdir() if file.name not in others)
    assert size / 1000 <= shown <= size / 1000 + 5


def test_a_picture_that_is_cleared_has_no_answer(page: Any) -> None:  # noqa: ANN401
    draw_and = """async (then) => {
      const canvas = document.getElementById('drawing');
      const press = (type, key) => canvas.dispatchEvent(new KeyboardEvent(type, { key }));
      press('keydown', ' ');
      for (let step = 0; step < 8; step += 1) press('keydown', 'ArrowUp');
      press('keyup', ' ');
      if (then) document.getElementById(then).click();
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }"""
    page.evaluate(draw_and, "clear")
    assert page.locator("#answers li").count() == 0
    page.evaluate(draw_and, "")
    assert page.locator("#answers li").count() == 5


def test_the_last_picture_and_the_last_model_count(page: Any) -> None:  # noqa: ANN401
    big = io.BytesIO()
    Image.fromarray(np.random.default_rng(1).integers(0, 256, (3000, 4000), np.uint8)).save(big, "PNG")
    small = (MODELS / "digit-4.png").read_bytes()
    page.evaluate(
        f"(files) => {{ for (const file of files) ({DROP})(file); }}",
        [[base64.b64encode(data).decode(), name, "image/png"] for data, name in ((big.getvalue(), "a"), (small, "b"))],
    )
    assert first_answer(page) == "4"
    page.wait_for_timeout(1500)
    assert page.locator("#preview").get_attribute("alt") == "b"
    page.click("summary")
    page.set_input_files("#model-files", [MODELS / "digits-symbol.json", MODELS / "digits-0000.params"])
    for field, value in {"width": "8", "height": "8", "mean": "0", "std": "255"}.items():
        page.fill(f"#{field}", value)
    page.select_option("#channels", "gray")
    page.evaluate("() => { for (const id of ['use-model', 'use-digits']) document.getElementById(id).click(); }")
    page.wait_for_timeout(1500)
    assert page.locator("#model").inner_text() == "Digits, bundled"
    assert page.locator("#progress").is_hidden()


@pytest.mark.parametrize(
    ("mean", "std", "message"),
    [
        ("", "1", 'Mean: "" is no number, nor numbers with commas between them'),
        ("1;2", "1", 'Mean: "1;2" is no number, nor numbers with commas between them'),
        ("0", "1,2,", 'Standard deviation: "1,2," is no number, nor numbers with commas between them'),
        ("127.5", "255", "Ready"),
    ],
)
def test_fields_hold_one_number_or_several(page: Any, mean: str, std: str, message: str) -> None:  # noqa: ANN401
    page.click("summary")
    page.set_input_files("#model-files", [MODELS / "digits-symbol.json", MODELS / "digits-0000.params"])
    for field, value in {"width": "8", "height": "8", "mean": mean, "std": std}.items():
        page.fill(f"#{field}", value)
    page.select_option("#channels", "gray")
    page.click("#use-model")
    page.wait_for_function("(text) => document.getElementById('status').textContent === text", arg=message)


def test_only_the_primary_button_draws_and_a_stroke_ends_with_the_focus(page: Any) -> None:  # noqa: ANN401
    ink = """() => document.getElementById('drawing').getContext('2d').getImageData(0, 0, 280, 280).data
      .filter((value) => value < 128).length"""
    box = page.locator("#drawing").bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.move(*middle)
    page.mouse.down(button="right")
    page.mouse.move(middle[0], middle[1] + 60)
    page.mouse.up(button="right")
    assert page.evaluate(ink) == 0
    page.focus("#drawing")
    assert page.locator("#pen").is_hidden() == (
        not page.evaluate("() => document.activeElement.matches(':focus-visible')")
    )
    page.keyboard.press("ArrowUp")
    assert page.locator("#pen").is_visible()
    page.keyboard.down("Space")
    page.keyboard.press("ArrowUp")
    before = page.evaluate(ink)
    assert before > 0
    page.keyboard.press("Tab")
    page.keyboard.up("Space")
    page.mouse.move(middle[0] + 80, middle[1] + 80)
    page.focus("#drawing")
    page.keyboard.press("ArrowLeft")
    assert page.evaluate(ink) == before


def test_a_drop_without_files_is_told(page: Any) -> None:  # noqa: ANN401
    page.evaluate("""() => document.getElementById('drop').dispatchEvent(
      new DragEvent('drop', { bubbles: true, dataTransfer: new DataTransfer() }))""")
    assert failure(page) == "what was dropped is not a file"


def test_the_button_for_the_camera_shows_the_focus(page: Any) -> None:  # noqa: ANN401
    page.click("#tab-file")
    page.focus("#file")
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.id") == "camera"
    outline = "() => getComputedStyle(document.querySelector('label[for=camera]')).outlineStyle"
    assert page.evaluate(outline) == "solid"


def test_pictures_that_are_dropped_are_recognised(page: Any) -> None:  # noqa: ANN401
    for digit in range(10):
        data = base64.b64encode((MODELS / f"digit-{digit}.png").read_bytes()).decode()
        page.evaluate("() => document.getElementById('answers').replaceChildren()")
        page.evaluate(DROP, [data, f"{digit}.png", "image/png"])
        assert first_answer(page) == str(digit)


def test_a_picture_that_is_none_is_told(page: Any) -> None:  # noqa: ANN401
    page.evaluate(DROP, [base64.b64encode(b"no picture").decode(), "x.png", "image/png"])
    assert failure(page) == "x.png is not a picture that the browser can read"


def test_a_model_of_the_users_own_replaces_the_bundled_one(page: Any, tmp_path: Path) -> None:  # noqa: ANN401
    (tmp_path / "labels.txt").write_bytes(b"".join(b"digit %d\r\n" % digit for digit in range(10)))
    page.click("summary")
    page.set_input_files(
        "#model-files", [MODELS / "digits-symbol.json", MODELS / "digits-0000.params", tmp_path / "labels.txt"]
    )
    for field, value in {"width": "8", "height": "8", "mean": "0", "std": "255"}.items():
        page.fill(f"#{field}", value)
    page.select_option("#channels", "gray")
    page.click("#use-model")
    page.wait_for_function("() => document.getElementById('model').textContent === 'digits-symbol.json'")
    data = base64.b64encode((MODELS / "digit-4.png").read_bytes()).decode()
    page.evaluate(DROP, [data, "4.png", "image/png"])
    assert first_answer(page) == "digit 4"


def test_a_model_that_is_corrupt_is_told_and_the_page_goes_on(page: Any, tmp_path: Path) -> None:  # noqa: ANN401
    (tmp_path / "net-symbol.json").write_text('{"nodes": [')
    (tmp_path / "net-0000.params").write_bytes(b"nothing")
    page.click("summary")
    page.set_input_files("#model-files", [tmp_path / "net-symbol.json", tmp_path / "net-0000.params"])
    page.click("#use-model")
    assert failure(page) == "MXPredCreate: symbol, line 1: the text ends inside of a value"
    page.set_input_files("#model-files", [tmp_path / "net-symbol.json"])
    page.click("#use-model")
    page.wait_for_function("() => document.getElementById('status').textContent.startsWith('a model is')")
    draw(page, SEVEN)
    assert first_answer(page) == "7"


def test_everything_can_be_done_with_the_keyboard(page: Any) -> None:  # noqa: ANN401
    page.focus("#drawing")
    for _ in range(10):
        page.keyboard.press("ArrowUp")
    page.keyboard.down("Space")
    for _ in range(20):
        page.keyboard.press("ArrowDown")
    page.keyboard.up("Space")
    assert first_answer(page) == "1"
    page.focus("#tab-draw")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("() => document.activeElement.id") == "tab-file"
    assert page.locator("#panel-file").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1200])
def test_the_page_fits_and_can_be_read(
    browser: Any,  # noqa: ANN401
    page_folder: Path,
    tmp_path: Path,
    width: int,
    scheme: str,
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page.goto((page_folder / "single.html").as_uri())
    ready(page)
    draw(page, SEVEN)
    assert first_answer(page) == "7"
    kept = Path(os.environ.get("SCREENSHOTS", tmp_path))
    page.screenshot(path=kept / f"page-{width}-{scheme}.png", full_page=True)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    contrasts = page.evaluate("""() => {
      const parts = (text) => text.match(/[\\d.]+/g).slice(0, 3).map((value) => {
        const part = value / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
      });
      const light = (text) => parts(text).reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
      const ground = (element) => {
        const colour = getComputedStyle(element).backgroundColor;
        return colour === 'rgba(0, 0, 0, 0)' ? ground(element.parentElement) : colour;
      };
      return [...document.querySelectorAll('h1, h2, p, button, dt, dd, strong, summary')].map((element) => {
        const [one, other] = [light(getComputedStyle(element).color), light(ground(element))].sort((a, b) => b - a);
        return (one + 0.05) / (other + 0.05);
      });
    }""")
    page.close()
    assert min(contrasts) >= 4.5


def test_the_command_recognises_the_pictures(package: Path, shared_folder: Path, tmp_path: Path) -> None:
    sources = tmp_path / "examples" / "web"
    sources.mkdir(parents=True)
    for name in ("recognise.mjs", "settings.mjs"):
        shutil.copy(PAGE / name, sources)
    (tmp_path / "examples" / "predictor" / "dist").mkdir(parents=True)
    (tmp_path / "examples" / "predictor" / "models").symlink_to(MODELS)
    (tmp_path / "examples" / "predictor" / "dist" / "js").symlink_to(package)
    (sources / "node_modules").symlink_to(
        artefacts.node_modules(shared_folder, "pngjs@7.0.0", "jpeg-js@0.4.4") / "node_modules"
    )
    pictures = sorted(MODELS.glob("digit-*.png"))
    lines = artefacts.run(["node", sources / "recognise.mjs", *pictures]).splitlines()
    assert [line.split("\t")[:2] for line in lines] == [[f"digit-{digit}.png", str(digit)] for digit in range(10)]
    with pytest.raises(AssertionError, match="error: no picture"):
        artefacts.run(["node", sources / "recognise.mjs"])
    with pytest.raises(AssertionError, match='error: --std: "1," is no number, nor numbers with commas between them'):
        artefacts.run(["node", sources / "recognise.mjs", "--std", "1,", pictures[0]])
