"""How the sample's trades, statements and filings are printed: native tables, three brokers' formats, EDGAR's files."""
# ruff: noqa: INP001 - beside the data, no package

import csv
import io
import json
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from world import (
    CALL,
    CIK,
    CUSIP,
    HEADINGS,
    ISSUER,
    MOVES,
    PEOPLE,
    PUT,
    ROSTER,
    SPLIT_ON,
    STATEMENTS,
    STYLES,
    SYMBOL,
    Book,
    Row,
    Trade,
    at,
    lines,
    masked,
    moment,
    on,
)

HERE = Path(__file__).parent
COMPANY = "Brindlecombe Instruments, Inc."
CIKS = {row[0]: (row[3].zfill(10), row[1]) for row in lines(PEOPLE) if row[3]}
NAMES = {SYMBOL: COMPANY.upper(), CALL: "CALL BRINDLECOMBE INSTRUMENTS $25 EXP 12/20/24", "CALDO": "CALDERA OPTICS CORP"}


def write(book: Book, periodic: str) -> None:
    """Every file of the folder."""
    enter_trades(book)
    enter_holdings(book)
    entries = enter_filings(book)
    for table, rows in book.tables.items():
        save(f"{table}.csv", csv_text([HEADINGS[table].split(), *([row.get(name, "") for name in HEADINGS[table].split()] for row in rows)]))
    for account, row in ROSTER.items():
        if STYLES.get(row[2]) == "schwab":
            save(f"brokers/schwab_{row[3][-4:]}_transactions.csv", schwab(book, account))
        if STYLES.get(row[2]) == "ofx":
            save(f"brokers/northgate_{row[3][-5:]}.ofx", ofx(book, account))
    for quarter in sorted({(day.year, (day.month - 1) // 3 + 1) for day in STATEMENTS}):
        days = [day for day in STATEMENTS if (day.year, (day.month - 1) // 3 + 1) == quarter]
        save(f"brokers/ibkr_flex_{quarter[0]}Q{quarter[1]}.xml", flex(book, days))
    save("edgar/submissions_brindlecombe.json", submissions(book, entries, periodic))


def save(name: str, content: str) -> None:
    """A file of the folder, with the same bytes on every system."""
    path = HERE / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content.encode())


def csv_text(rows: Iterable[Iterable[str]], quoting: int = csv.QUOTE_MINIMAL) -> str:
    """Rows as comma-separated text."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n", quoting=quoting).writerows(rows)  # type: ignore[arg-type]
    return out.getvalue()


def plain(number: Decimal) -> str:
    """A number without exponent or idle zeros."""
    return f"{number:f}".rstrip("0").rstrip(".") if "." in f"{number:f}" else f"{number:f}"


def month_of(day: date) -> date:
    """The statement that shows a day."""
    return min(each for each in STATEMENTS if each >= day.replace(day=1) and (each.year, each.month) == (day.year, day.month))


def position(book: Book, account: str, symbol: str, day: date) -> Decimal:
    """Units held at the end of a day: the opening position and what moved since, on the split basis of the day."""
    split = symbol == SYMBOL and day >= SPLIT_ON
    total = Decimal(ROSTER[account][7]) * (2 if split else 1) if symbol == SYMBOL else Decimal()
    for trade in book.trades:
        if (trade.account, trade.symbol) == (account, symbol) and trade.on <= day and not trade.void:
            total += trade.quantity * MOVES[trade.kind] * (2 if split and trade.on < SPLIT_ON else 1)
    return total


def positions(book: Book, account: str, day: date) -> list[tuple[str, Decimal]]:
    """Everything that a statement shows."""
    symbols = [SYMBOL, *sorted({trade.symbol for trade in book.trades if trade.account == account} - {SYMBOL})]
    return [(symbol, units) for symbol in symbols if (units := position(book, account, symbol, day))]


def of(book: Book, account: str, day: date, style: str) -> list[Trade]:
    """The trades of an account in the month of a statement that a format tells of, in order."""
    mine = [trade for trade in book.trades if trade.account == account and trade.style == style and month_of(trade.on) == day]
    return sorted(mine, key=lambda trade: (trade.on, trade.ref))


def enter_trades(book: Book) -> None:
    """Rows of trades of the accounts that no broker file tells of."""
    for trade in sorted((each for each in book.trades if each.style == "native"), key=lambda each: (each.on, each.ref)):
        timed = at(trade.on, trade.at) if trade.kind in {"buy", "sell"} else ""
        cells = [trade.id, trade.account, trade.symbol, trade.kind, plain(trade.quantity), str(trade.price or ""), str(trade.on), timed]
        book.row("trades", *cells, **trade.cells)


def enter_holdings(book: Book) -> None:
    """Month-end positions of the accounts whose broker sends no positions; from October 2024 a director's shares secure a loan."""
    for account, row in ROSTER.items():
        for day in STATEMENTS if STYLES.get(row[2], "native") in {"native", "schwab"} else []:
            for symbol, units in positions(book, account, day):
                pledged = "3000" if account == "hohenstein_schwab" and day >= on("2024-10-31") else ""
                book.row("holdings", account, symbol, str(day), plain(units), "short" if units < 0 else "cash", pledged)


def schwab(book: Book, account: str) -> str:
    """Schwab's transaction history, newest first, with its banner, a split, dividends and a total."""
    number, rows = ROSTER[account][3], list[tuple[date, list[str]]]()
    for trade in (each for each in book.trades if each.account == account and each.style == "schwab"):
        amount = trade.quantity * (trade.price or 0) * (100 if trade.symbol == CALL else 1)
        paid = f"${amount:.2f}" if MOVES[trade.kind] < 0 else f"-${amount:.2f}"
        day, action, symbol, quantity, price = trade.schwab
        fees = "$0.65" if price and trade.symbol == CALL else ""
        rows.append((trade.on, [day, action, symbol, NAMES[trade.symbol], quantity, price, fees, paid if price else ""]))
    split = position(book, account, SYMBOL, SPLIT_ON - timedelta(1))
    rows.append((SPLIT_ON, [f"{SPLIT_ON:%m/%d/%Y}", "Stock Split", SYMBOL, NAMES[SYMBOL], plain(split), "", "", ""]))
    for paid_on in (on("2024-03-15"), on("2024-09-16")):
        dividend = position(book, account, SYMBOL, paid_on) / 10
        rows.append((paid_on, [f"{paid_on:%m/%d/%Y}", "Qualified Dividend", SYMBOL, NAMES[SYMBOL], "", "", "", f"${dividend:.2f}"]))
    rows.sort(key=lambda row: row[0], reverse=True)
    banner = f'"Transactions  for account Individual {masked(number)} as of 03/01/2025 07:00:00 ET"\n'
    heading = ["Date", "Action", "Symbol", "Description", "Quantity", "Price", "Fees & Comm", "Amount"]
    return banner + csv_text([heading, *(cells for _, cells in rows), ["Transactions Total", *[""] * 6, "$0.00"]], csv.QUOTE_ALL)


def flex(book: Book, days: list[date]) -> str:
    """An Interactive Brokers Flex query of a quarter: a statement an account and month, with trades and open positions."""
    accounts = [account for account, row in ROSTER.items() if STYLES.get(row[2]) == "flex"]
    out = ['<FlexQueryResponse queryName="Insiders" type="AF">', f'<FlexStatements count="{len(accounts) * len(days)}">']
    for day in days:
        for account in accounts:
            number = ROSTER[account][3]
            out.append(f'<FlexStatement accountId="{number}" fromDate="{day.replace(day=1):%Y%m%d}" toDate="{day:%Y%m%d}" period="LastMonth">')
            out += ["<Trades>", *(line for trade in of(book, account, day, "flex") for line in flex_trade(trade, number)), "</Trades>", "<OpenPositions>"]
            for symbol, units in positions(book, account, day):
                cells = f'assetCategory="{"OPT" if symbol == PUT else "STK"}" symbol="{symbol}" position="{plain(units)}" side="Long" levelOfDetail="SUMMARY"'
                out.append(f'<OpenPosition accountId="{number}" currency="USD" {cells} reportDate="{day:%Y%m%d}" />')
            out += ["</OpenPositions>", "</FlexStatement>"]
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', *out, "</FlexStatements>", "</FlexQueryResponse>", ""])


def flex_trade(trade: Trade, number: str) -> list[str]:
    """A fill, and its cancel where it was cancelled."""
    option = ' underlyingSymbol="BRNDL" strike="20" multiplier="100"' if trade.symbol == PUT else ""
    sign = "" if MOVES[trade.kind] > 0 else "-"
    asset = "OPT" if option else "STK"
    shown = f'<Trade accountId="{number}" currency="USD" assetCategory="{asset}" symbol="{trade.symbol}"{option} tradeDate="{trade.on:%Y%m%d}"'
    order = f' ibOrderID="{trade.order}" orderType="MKT"' if trade.order else ""
    price = f'tradePrice="{trade.price}" levelOfDetail="EXECUTION"'
    fill = f'{shown} transactionType="ExchTrade" buySell="{trade.kind.upper()}" quantity="{sign}{trade.quantity}" {price} tradeID="{trade.ref}"{order} />'
    undone = f'{shown} transactionType="TradeCancel" buySell="{trade.kind.upper()} (Ca.)" quantity="{trade.quantity}" {price} tradeID="{trade.ref}9" '
    return [fill, f'{undone}origTradeID="{trade.ref}" />'] if trade.void else [fill]


def ofx(book: Book, account: str) -> str:
    """An OFX download: a statement a month, with times of execution, positions and where they are held."""
    number, security = ROSTER[account][3], f"<SECID><UNIQUEID>{CUSIP}<UNIQUEIDTYPE>CUSIP</SECID>"
    header = "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nSECURITY:NONE\nENCODING:USASCII\nCHARSET:1252\nCOMPRESSION:NONE\nOLDFILEUID:NONE\nNEWFILEUID:NONE\n\n"
    status = "<STATUS><CODE>0<SEVERITY>INFO</STATUS>"
    out = [f"<OFX><SIGNONMSGSRSV1><SONRS>{status}<DTSERVER>20250301<LANGUAGE>ENG</SONRS></SIGNONMSGSRSV1>", "<INVSTMTMSGSRSV1>"]
    for nth, day in enumerate(STATEMENTS, 1):
        out.append(f"<INVSTMTTRNRS><TRNUID>{nth}{status}<INVSTMTRS><DTASOF>{day:%Y%m%d}<CURDEF>USD")
        out.append(f"<INVACCTFROM><BROKERID>northgate.example<ACCTID>{number}</INVACCTFROM>")
        out.append(f"<INVTRANLIST><DTSTART>{day.replace(day=1):%Y%m%d}<DTEND>{day:%Y%m%d}")
        out += [ofx_trade(trade, security) for trade in of(book, account, day, "ofx")]
        out.append("</INVTRANLIST><INVPOSLIST>")
        for _, units in positions(book, account, day):
            out.append(f"<POSSTOCK><INVPOS>{security}<HELDINACCT>CASH<POSTYPE>LONG<UNITS>{plain(units)}</INVPOS></POSSTOCK>")
        out.append("</INVPOSLIST></INVSTMTRS></INVSTMTTRNRS>")
    named = f"<STOCKINFO><SECINFO>{security}<SECNAME>{COMPANY}<TICKER>{SYMBOL}</SECINFO></STOCKINFO>"
    return header + "\n".join([*out, "</INVSTMTMSGSRSV1>", f"<SECLISTMSGSRSV1><SECLIST>{named}</SECLIST></SECLISTMSGSRSV1></OFX>", ""])


def ofx_trade(trade: Trade, security: str) -> str:
    """A purchase, a sale or a reinvested dividend."""
    zone = "-4:EDT" if at(trade.on, trade.at).endswith("-04:00") else "-5:EST"
    deal = f"<INVTRAN><FITID>{trade.ref}<DTTRADE>{trade.on:%Y%m%d}{trade.at.replace(':', '')}00.000[{zone}]</INVTRAN>{security}"
    sums = f"<UNITS>{plain(trade.quantity * MOVES[trade.kind])}<UNITPRICE>{trade.price}<TOTAL>{-trade.quantity * MOVES[trade.kind] * (trade.price or 0):.2f}<SUBACCTSEC>CASH"
    if trade.kind == "dividend_reinvestment":
        return f"<REINVEST>{deal}<INCOMETYPE>DIV{sums}</REINVEST>"
    way = trade.kind.upper()
    return f"<{way}STOCK><INV{way}>{deal}{sums}<SUBACCTFUND>CASH</INV{way}><{way}TYPE>{way}</{way}STOCK>"


def enter_filings(book: Book) -> list[list[str]]:
    """Accession numbers in order of acceptance; forms as rows or as EDGAR's own files. Returns the entries of the issuer's list."""
    entries, counts = [], dict[str, int]()
    for filing in sorted(book.filings, key=lambda each: (each["at"], each["person_id"])):
        accepted = str(filing["at"])
        counts[accepted[2:4]] = counts.get(accepted[2:4], 0) + 1
        accession = f"0009999999-{accepted[2:4]}-{counts[accepted[2:4]]:06}"
        entries.append([accession, str(filing["form"]), accepted, str(filing["period_on"]), ""])
        if filing["place"]:
            save(f"{filing['place']}/{accession}.txt", submission(accession, filing))
            continue
        book.row("filings", accession, str(filing["form"]), str(filing["person_id"]), ISSUER, moment(accepted), str(filing["period_on"]))
        for nth, line in enumerate(filing["lines"], 1):
            book.row("filing_lines", accession, str(nth), "false", SYMBOL, **line)
    return entries


def submission(accession: str, filing: dict[str, str | list[Row]]) -> str:
    """A Form 4 as EDGAR stores it: the header of the submission and the ownership document."""
    (cik, name), line, day, clock = CIKS[str(filing["person_id"])], filing["lines"][0], *str(filing["at"]).split()
    stamp, compact = f"{day}{clock}00".replace("-", "").replace(":", ""), str(filing["period_on"]).replace("-", "")
    moved = "A" if line["acquired"] == "true" else "D"
    return f"""<SEC-DOCUMENT>{accession}.txt : {stamp[:8]}
<SEC-HEADER>{accession}.hdr.sgml : {stamp[:8]}
<ACCEPTANCE-DATETIME>{stamp}
ACCESSION NUMBER:\t\t{accession}
CONFORMED SUBMISSION TYPE:\t{filing["form"]}
PUBLIC DOCUMENT COUNT:\t\t1
CONFORMED PERIOD OF REPORT:\t{compact}
FILED AS OF DATE:\t\t{stamp[:8]}
</SEC-HEADER>
<DOCUMENT>
<TYPE>{filing["form"]}
<SEQUENCE>1
<FILENAME>ownership.xml
<TEXT>
<XML>
<?xml version="1.0"?>
<ownershipDocument>
    <schemaVersion>X0508</schemaVersion>
    <documentType>{filing["form"]}</documentType>
    <periodOfReport>{filing["period_on"]}</periodOfReport>
    <issuer><issuerCik>{CIK.zfill(10)}</issuerCik><issuerName>{COMPANY}</issuerName><issuerTradingSymbol>{SYMBOL}</issuerTradingSymbol></issuer>
    <reportingOwner>
        <reportingOwnerId><rptOwnerCik>{cik}</rptOwnerCik><rptOwnerName>{name}</rptOwnerName></reportingOwnerId>
    </reportingOwner>
    <aff10b5One>0</aff10b5One>
    <nonDerivativeTable>
        <nonDerivativeTransaction>
            <securityTitle><value>Common Stock</value></securityTitle>
            <transactionDate><value>{line["traded_on"]}</value></transactionDate>
            <transactionCoding><transactionFormType>4</transactionFormType><transactionCode>{line["sec_code"]}</transactionCode></transactionCoding>
            <transactionAmounts>
                <transactionShares><value>{line["quantity"]}</value></transactionShares>
                <transactionPricePerShare><value>{line["price"]}</value></transactionPricePerShare>
                <transactionAcquiredDisposedCode><value>{moved}</value></transactionAcquiredDisposedCode>
            </transactionAmounts>
        </nonDerivativeTransaction>
    </nonDerivativeTable>
</ownershipDocument>
</XML>
</TEXT>
</DOCUMENT>
</SEC-DOCUMENT>
"""


def submissions(book: Book, entries: list[list[str]], periodic: str) -> str:
    """The issuer's filing list as data.sec.gov gives it: columns, newest first, times in UTC."""
    reports = [["", form, accepted, quarter, ""] for form, quarter, accepted in lines(periodic)]
    news = [["", "8-K", f"{row['announced_at'][:10]} {row['announced_at'][11:16]}", row["announced_on"], "2.02,9.01" if row["quarter_ended_on"] else "8.01"]
            for row in book.tables["announcements"]]  # fmt: skip
    for nth, entry in enumerate([*reports, *news], 1):
        entry[0] = f"0009999999-{entry[2][2:4]}-{9000 + nth:06}"
    listed = sorted([*entries, *reports, *news], key=lambda entry: (entry[2], entry[0]), reverse=True)
    instants = [datetime.fromisoformat(moment(entry[2])) for entry in listed]
    recent = {
        "accessionNumber": [entry[0] for entry in listed],
        "filingDate": [entry[2][:10] for entry in listed],
        "reportDate": [entry[3] for entry in listed],
        "acceptanceDateTime": [(each - (each.utcoffset() or timedelta())).strftime("%Y-%m-%dT%H:%M:%S.000Z") for each in instants],
        "form": [entry[1] for entry in listed],
        "items": [entry[4] for entry in listed],
    }
    whole = {"cik": CIK, "entityType": "operating", "name": COMPANY, "tickers": [SYMBOL], "filings": {"recent": recent, "files": []}}
    return json.dumps(whole, indent=1) + "\n"
