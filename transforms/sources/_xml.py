"""Reads XML into light nodes that know their line; entities and document types are refused, never expanded."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.sax import SAXException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from defusedxml import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser


class Unreadable(Exception):  # noqa: N818 - it names what is wrong
    """A file that is no well-formed XML: the line and what was found, what was expected, what to do."""

    def __init__(self, line: int, reason: str) -> None:
        """Keep the line and the sentence."""
        super().__init__(f"{line}: {reason}")
        self.line = line
        self.reason = reason


@dataclass(eq=False)
class Node:
    """An element: its tag and attributes without namespace, its own text stripped, the line of its start tag."""

    tag: str
    attributes: dict[str, str]
    text: str
    line: int
    children: list["Node"] = field(default_factory=list, repr=False)

    def findall(self, path: str) -> list["Node"]:
        """Every element below at `a/b/c`, in the order of the file; `*` stands for any tag."""
        found = [self]
        for tag in path.split("/"):
            found = [child for node in found for child in node.children if tag in ("*", child.tag)]
        return found

    def find(self, path: str) -> "Node | None":
        """The first element below at `a/b/c`, or none."""
        return next(iter(self.findall(path)), None)

    def value(self, path: str) -> str | None:
        """The text of the first element at `a/b/c`; none where it is absent or empty."""
        node = self.find(path)
        return node.text or None if node else None

    def walk(self) -> Iterator["Node"]:
        """This element and every one below it, in the order of the file."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(reversed(node.children))


class _Builder(ContentHandler):
    """Builds the nodes while the parser walks the file."""

    def __init__(self, parser: DefusedExpatParser, first_line: int) -> None:
        super().__init__()
        self.parser = parser
        self.before = first_line - 1
        self.root: Node | None = None
        self.open: list[tuple[Node, list[str]]] = []

    @property
    def line(self) -> int:
        """The line that the parser has reached."""
        return self.before + max(self.parser.getLineNumber() or 1, 1)

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 - the handler of xml.sax
        """Open a node below the one that is open."""
        own = {_local(key): value for key, value in attrs.items() if not key.startswith("xmlns")}
        node = Node(_local(name), own, "", self.line)
        if self.open:
            self.open[-1][0].children.append(node)
        else:
            self.root = node
        self.open.append((node, []))

    def endElement(self, name: str) -> None:  # noqa: ARG002, N802 - the parser has checked that it is the open one
        """Close the node and keep its text."""
        node, texts = self.open.pop()
        node.text = "".join(texts).strip()

    def characters(self, content: str) -> None:
        """Keep text for the node that is open."""
        self.open[-1][1].append(content)


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def parse(content: bytes, first_line: int = 1) -> Node:
    """The root of an XML document, or Unreadable. White space before it is cut; `first_line` is where it starts."""
    cut = content.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")
    first_line += content[: len(content) - len(cut)].count(b"\n")
    parser = DefusedExpatParser(forbid_dtd=True, forbid_entities=True, forbid_external=True)
    builder = _Builder(parser, first_line)
    parser.setContentHandler(builder)
    try:
        parser.feed(cut)
        parser.close()
    except DefusedXmlException:
        reason = "a document type or an entity is declared, expected elements alone. Remove the declaration."
        raise Unreadable(builder.line, reason) from None
    except (SAXException, ValueError, LookupError) as error:
        found = error.getMessage() if isinstance(error, SAXException) else str(error)
        reason = f"the XML is broken here ({found}), expected well-formed XML. Export the file again."
        raise Unreadable(builder.line, reason) from None
    if builder.root is None:
        raise Unreadable(first_line, "no element was found, expected XML. Export the file again.")
    return builder.root
