"""Broker files: what each source makes of fictional statements, of hostile bytes and of real exports."""

import os
from pathlib import Path

import polars as pl
import pytest

from transforms.sources import File, Read, claimants, every_source
from transforms.sources._xml import Unreadable, parse
from transforms.tables import TABLES

HERE = Path(__file__).parent
GOLDEN = HERE / "golden"
OURS = ("ibkr_flex", "ofx_investments", "schwab_positions")
INPUTS = sorted(path for name in OURS for path in (GOLDEN / name).iterdir() if path.suffix != ".txt")
REAL = Path(os.environ.get("HINDSIGHT_REAL", HERE.parent.parent / "shared" / "real")) / "brokers"
OPENINGS = {
    "ibkr_flex": b'<FlexQueryResponse queryName="x" type="AF"><FlexStatements count="1"><FlexStatement accountId="U1">',
    "ofx_investments": b"OFXHEADER:100\nDATA:OFXSGML\n\n<OFX><INVSTMTMSGSRSV1>",
    "schwab_positions": b'"Positions for account X 1 as of 07:00 AM ET, 11/29/2024"\n\n',
}


def _read(name: str, content: bytes, path: str = "statement") -> Read:
    """Read bytes by a source and hold what it returns to the shape that every read has."""
    read = every_source()[name].read(File(path, content))
    assert read.balanced
    for table, rows in read.rows.items():
        spec = TABLES[table]
        assert dict(rows.schema) == spec.schema
        for column in spec.columns:
            assert column.empty or rows[column.name].null_count() == 0
            if column.values:
                assert set(rows[column.name].drop_nulls()) <= set(column.values)
            if column.positive:
                assert (rows[column.name].drop_nulls() > 0).all()
    for reason in read.refused["reason"]:
        assert ", expected " in reason
        assert reason.endswith(".")
    return read


def _printed(read: Read) -> str:
    """A read as text: each table as CSV without its empty columns, then the refusals and the drops."""
    parts = [f"lines: {read.lines}"]
    for table, rows in sorted(read.rows.items()):
        filled = [name for name in rows.columns if rows[name].null_count() < len(rows) and name != "source_file"]
        parts.append(f"\n# {table}\n{rows.select(filled).write_csv() if filled else ''}")
    parts.append(f"\n# refused\n{read.refused.select('line', 'reason').write_csv()}")
    parts.append(f"\n# dropped\n{read.dropped.select('line', 'reason').write_csv()}")
    return "\n".join(parts)


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_statement_reads_as_its_golden_file_says(path: Path) -> None:
    """Rows, refusals and drops are those of the golden file; HINDSIGHT_REWRITE_GOLDEN=1 writes it anew."""
    content = path.read_bytes()
    assert [each.name for each in claimants(File(path.name, content).head)] == [path.parent.name]
    printed, golden = _printed(_read(path.parent.name, content, path.name)), path.with_suffix(".txt")
    if os.environ.get("HINDSIGHT_REWRITE_GOLDEN"):
        golden.write_text(printed, encoding="utf-8")
    assert printed == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_cut_or_spoilt_statement_never_raises(path: Path) -> None:
    """Cut anywhere, or with bytes replaced, a file ends in rows, refusals and drops that add up."""
    content = path.read_bytes()
    for at in range(0, len(content), max(len(content) // 40, 1)):
        _read(path.parent.name, content[:at])
        _read(path.parent.name, content[:at] + b'\x00\xff<&"' + content[at + 5 :])


@pytest.mark.parametrize("name", OURS)
@pytest.mark.parametrize("rest", [b"", b"\x00\xff\xfe\x1f\x8b" * 50, b"<" * 999, b"<A>" * 9999, b"</A>", b',\r\n"' * 99, b"]]><![CDATA["])
def test_a_hostile_file_is_refused_in_one_sentence(name: str, rest: bytes) -> None:
    """Bytes that only begin like a format give no row and at least one refusal."""
    for content in (OPENINGS[name] + rest, rest):
        read = _read(name, content)
        assert not sum(map(len, read.rows.values()))
        assert len(read.refused) >= 1
        assert read.lines == len(read.refused) + len(read.dropped)


def test_an_entity_is_never_expanded() -> None:
    """A document type is refused with its line, in Flex and in OFX, whatever it declares."""
    bomb = b'<?xml version="1.0"?>\n<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>\n'
    flex = bomb + b"<FlexQueryResponse><FlexStatements>&b;&c;</FlexStatements></FlexQueryResponse>"
    assert [each.name for each in claimants(flex)] == ["ibkr_flex"]
    read = _read("ibkr_flex", flex)
    assert read.refused["line"].to_list() == [2]
    assert "document type" in read.refused["reason"][0]
    ofx = bomb + b"<OFX><SIGNONMSGSRSV1><SONRS><STATUS><CODE>0<SEVERITY>INFO<MESSAGE>&b;&c;</STATUS></SONRS></SIGNONMSGSRSV1></OFX>"
    assert _read("ofx_investments", ofx).dropped["reason"].to_list() == ["the status of an answer"]


def test_xml_knows_its_lines_and_loses_its_namespaces() -> None:
    """Nodes are found by path; white space before the declaration is cut and counted."""
    root = parse(b'\n\n<?xml version="1.0"?>\n<n:a xmlns:n="urn:n">\n<n:b n:c="1"> one <d>two</d></n:b>\n<b/></n:a>')
    assert [(node.tag, node.line, node.text) for node in root.walk()] == [("a", 4, ""), ("b", 5, "one"), ("d", 5, "two"), ("b", 6, "")]
    assert root.findall("b")[0].attributes == {"c": "1"}
    assert (root.value("b/d"), root.value("*/d"), root.value("e"), root.find("e")) == ("two", "two", None, None)
    with pytest.raises(Unreadable) as raised:
        parse(b"<a>\n<b>\n</a>")
    assert raised.value.line == 3


def test_overlapping_exports_name_equal_fills_alike() -> None:
    """A fill without a reference has one id in a daily and in a monthly file, and equal fills of a day stay two."""
    fill = '<Trade assetCategory="STK" symbol="ACME" tradeDate="{}" buySell="BUY" quantity="5" tradePrice="20"/>'
    closing = b"</FlexStatement></FlexStatements></FlexQueryResponse>"
    day = "".join(fill.format("2024-11-05") for _ in range(2))
    month = fill.format("20241104") + "".join(fill.format("20241105") for _ in range(2))
    ids = [_read("ibkr_flex", OPENINGS["ibkr_flex"] + text.encode() + closing).rows["trades"]["trade_id"].to_list() for text in (day, month)]
    assert ids[0] == ids[1][1:]
    assert len(set(ids[1])) == 3


def test_a_one_line_ofx_file_keeps_apart_what_cdata_joins() -> None:
    """Two CDATA sections on one line do not swallow the transaction between them."""
    line = b"<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20241105<TRNAMT>1<FITID>%d<NAME><![CDATA[a]]></NAME></STMTTRN>"
    content = b"OFXHEADER:100\n\n<OFX><BANKTRANLIST>" + line % 1 + line % 2 + b"</BANKTRANLIST></OFX>"
    assert _read("ofx_investments", content).lines == 2


def test_real_broker_files_are_read_whole() -> None:
    """Every real file is claimed by one source at most, and every claimed one adds up and raises nothing."""
    if not REAL.is_dir():
        pytest.skip("the folder of real files is absent")
    read_by: dict[str, int] = {}
    for path in sorted(each for each in REAL.rglob("*") if each.is_file()):
        file = File(path.name, path.read_bytes())
        claims = [each.name for each in claimants(file.head)]
        assert len(claims) <= 1, path.name
        for name in claims:
            read = every_source()[name].read(file)
            assert read.balanced, path.name
            assert isinstance(read.refused, pl.DataFrame)
            read_by[name] = read_by.get(name, 0) + 1
    assert {name: read_by.get(name) for name in OURS} == {"ibkr_flex": 23, "ofx_investments": 12, "schwab_positions": 1}
