"""Small multiples of the board page: a measure over five quarters each, by matplotlib as SVG."""

import io

import matplotlib as mpl
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from desk.pictures import DRAWING, INKS
from transforms.attesting.board import Board, Measure
from transforms.reports.attesting import said

SETTINGS = {"svg.fonttype": "path", "font.family": "DejaVu Sans", "font.size": 8}


def multiples(board: Board) -> dict[str, str]:
    """The picture of each measure by its name: a bar a quarter, the latest one dark, with its value; no bar where it is not known."""
    names = [each.name for each in board.quarters]
    return {each.name: _drawn(each, names) for each in board.measures}


def _drawn(measure: Measure, names: list[str]) -> str:
    inks = INKS["light"]
    with DRAWING, mpl.rc_context({**SETTINGS, "svg.hashsalt": f"hindsight {measure.name}"}):
        figure = Figure(figsize=(3.2, 1.2), facecolor="none")
        FigureCanvasSVG(figure)
        axes = figure.add_axes((0.02, 0.17, 0.96, 0.6))
        heights = [float(value or 0) for value in measure.values]
        top = 100.0 if measure.unit == "%" else max(*heights, 1.0)
        colours = [inks["line"]] * (len(names) - 1) + [inks["accent"]]
        axes.bar(range(len(names)), heights, width=0.62, color=colours)
        for place, value in enumerate(measure.values):
            is_last = place == len(names) - 1
            axes.annotate(said(measure, value), (place, heights[place]), xytext=(0, 2), textcoords="offset points", ha="center", va="bottom", fontsize=7.5, color=inks["ink" if is_last else "muted"], fontweight="bold" if is_last else "normal")  # fmt: skip
        axes.set_ylim(0, top * 1.22)
        axes.set_xlim(-0.6, len(names) - 0.4)
        axes.set_xticks(range(len(names)), names, color=inks["muted"], fontsize=7.5)
        axes.set_yticks([])
        axes.tick_params(length=0)
        axes.set_facecolor("none")
        for name, spine in axes.spines.items():
            spine.set_visible(name == "bottom")
            spine.set_color(inks["line"])
        figure.text(0.02, 0.89, measure.name, fontsize=9, fontweight="bold", color=inks["ink"])
        buffer = io.BytesIO()
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None, "Title": measure.name}, transparent=True)
    text = buffer.getvalue().decode()
    return text[text.index("<svg") :]
