"""Templates that escape whatever they print."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from transforms.reports import sight, words


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("transforms", "reports"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    environment.filters |= {
        "day": words.day, "number": words.number, "plain": words.plain, "plural": words.plural,
        "kind_of": sight.kind_of, "key_of": sight.key_of,
    }  # fmt: skip
    return environment


def page(name: str) -> Template:
    """A template by its file's name."""
    return _templates().get_template(name)
