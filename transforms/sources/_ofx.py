"""Reads OFX messages with ofxtools into elements that know their line; nothing is skipped and nothing left open."""

import html
import re
from bisect import bisect_right
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from ofxtools.Parser import TreeBuilder

from transforms.sources._xml import Unreadable


class _Tree(TreeBuilder):  # type: ignore[misc]  # the library has no types
    """The library's tree, strict where the library is not: every tag is read, every end has its start, all are closed."""

    def __init__(self, message: str) -> None:
        super().__init__()
        self.message = message
        self.at = message.find("<OFX>")
        self.breaks = [found.start() for found in re.finditer("\n", message)]
        self.open: list[Element] = []
        left = TreeBuilder.regex.sub("", message).strip()
        if self.at < 0 or left:
            self.at = max(message.find(left), 0)
            raise self.broken(f"{left[:40]!r} was found outside the elements" if left else "no <OFX> was found")

    def broken(self, found: str) -> Unreadable:
        """What is wrong at the place that was reached."""
        return Unreadable(self.line, f"{found}, expected whole OFX elements. Download the file again.")

    @property
    def line(self) -> int:
        """The line that was reached."""
        return bisect_right(self.breaks, self.at) + 1

    def start(self, tag: str, attrs: dict[str, str]) -> Element:  # noqa: ARG002 - OFX has no attributes
        """Open an element, with its line."""
        self.at = self.message.index(f"<{tag}>", self.at) + 1
        self.open.append(super().start(tag, {"line": str(self.line)}))
        return self.open[-1]

    def end(self, tag: str) -> Element:
        """Close an element; one without value and end, as SGML allows, ends first and gives back what follows it."""
        if all(element.tag != tag for element in self.open):
            raise self.broken(f"</{tag}> was found without its start")
        while self.open[-1].tag != tag:
            empty = self.open.pop()
            super().end(empty.tag)
            self.open[-1].extend(list(empty))
            del empty[:]
        self.open.pop()
        return super().end(tag)  # type: ignore[no-any-return]  # the library has no types


def parse(content: bytes) -> Element:
    """The root `OFX` of a message, each element with an attribute `line`, or Unreadable."""
    tree = _Tree(_message(content))
    try:
        tree.feed(tree.message)
        root: Element = tree.close()
    except SyntaxError:
        raise tree.broken("text after an element, or a second message, was found") from None
    if tree.open:
        raise tree.broken(f"the file ends inside {tree.open[-1].tag}")
    return root


def _message(content: bytes) -> str:
    """The message without its header, on its own lines; CDATA as plain text, comments cut."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    header, tag, body = text.partition("<OFX>")
    first, *rest = body.split("<![CDATA[")
    body = first + "".join(html.escape(data, quote=False) + after for data, _, after in (part.partition("]]>") for part in rest))
    first, *rest = body.split("<!--")
    body = first + "".join("\n" * cut.count("\n") + after for cut, _, after in (part.partition("-->") for part in rest))
    return "\n" * header.count("\n") + tag + body


def value(element: Element, path: str) -> str | None:
    """The text of the first element at a path anywhere below, entities resolved; none where it is absent or empty."""
    return html.unescape(element.findtext(f".//{path}") or "").strip() or None


def raw(element: Element) -> str:
    """An element as it was printed, without white space."""
    return f"<{element.tag}>" + "".join(f"<{leaf.tag}>{leaf.text}" for leaf in element.iter() if leaf.text)


def children(root: Element, tag: str) -> Iterator[Element]:
    """What stands directly in any element of a tag, values aside."""
    return (child for parent in root.iter(tag) for child in parent if len(child))
