"""Every canonical table and column, in the order of flow; the one place where they are declared.

From it come the Polars schema, the DuckDB tables, the expectation suites, the readers of native files
and the data dictionary of the report.
"""

from dataclasses import dataclass

import polars as pl

TIME_ZONE = "America/New_York"
TEXT = pl.String()
DATE = pl.Date()
INSTANT = pl.Datetime("us", TIME_ZONE)
NUMBER = pl.Decimal(18, 6)
FLAG = pl.Boolean()
COUNT = pl.Int64()

PROVENANCE = ("source_file", "source_line")
"""Columns that every stored row carries besides its own: where it was read."""


@dataclass(frozen=True)
class Column:
    """One column: its type, whether it may be empty, and what its values may be."""

    name: str
    dtype: pl.DataType
    meaning: str
    empty: bool = False
    values: tuple[str, ...] = ()
    positive: bool = False
    signed: bool = True
    refers_to: str = ""


@dataclass(frozen=True)
class Table:
    """One canonical table: what a row is, its key and its columns."""

    name: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    required: bool = False
    seen_on: str = ""
    """The column whose date decides whether a run sees the row; empty = always seen."""
    staged: bool = False
    """Whether it is read from EDGAR's files alone, and never stands in a file of its own."""

    @property
    def schema(self) -> dict[str, pl.DataType]:
        """Polars schema of the table with its provenance."""
        return {c.name: c.dtype for c in self.columns} | {"source_file": TEXT, "source_line": COUNT}

    @property
    def names(self) -> tuple[str, ...]:
        """Column names without provenance, in order."""
        return tuple(c.name for c in self.columns)

    def empty(self) -> pl.DataFrame:
        """A frame of the table's schema without rows."""
        return pl.DataFrame(schema=self.schema)


def _columns(text: str) -> tuple[Column, ...]:
    """Read `name type [values] : meaning` lines; `?` after the type = may be empty, `+` = more than 0, `0+` = 0 or more."""
    return tuple(_column(line) for line in text.strip().splitlines())


_TYPES = {"text": TEXT, "date": DATE, "instant": INSTANT, "number": NUMBER, "flag": FLAG, "count": COUNT}


def _column(line: str) -> Column:
    declared, meaning = (part.strip() for part in line.split(":", 1))
    name, kind, *rest = declared.split(None, 2)
    empty = kind.endswith("?")
    kind = kind.removesuffix("?")
    sign = "0+" if kind.endswith("0+") else "+" if kind.endswith("+") else ""
    kind = kind.removesuffix(sign)
    refers_to = kind if "." in kind else ""
    values = tuple(v.strip() for v in rest[0].split("|")) if rest else ()
    return Column(
        name=name,
        dtype=TEXT if refers_to else _TYPES[kind],
        meaning=meaning,
        empty=empty,
        values=values,
        positive=sign == "+",
        signed=sign != "0+",
        refers_to=refers_to,
    )


TRADE_KINDS = (
    "buy|sell|short_sell|cover|gift_out|gift_in|grant|vest|tax_withholding|sell_to_cover|exercise_cash|exercise_net|"
    "exercise|assignment|expiry|espp_purchase|dividend_reinvestment|stock_in_lieu_purchase|transfer_in|transfer_out"
)
ASSETS = "common|preferred|debt|option|warrant|swap|forward|collar|future|exchange_fund|fund|index_derivative"
ROLES = (
    "director|executive_officer|other_officer|general_manager|employee|contractor|ten_percent_holder|ceo|president|"
    "secretary|corporate_legal_counsel|compliance_designee"
)
RELATIONS = "spouse|child|household_member|parent|sibling|other_family|general_partner_of|trustee_of|executor_of|controls"

PEOPLE = Table(
    "people", "a person or entity that the programme knows", ("person_id",), required=True,
    columns=_columns("""
        person_id text : the person's own id
        name text : the name as reports print it
        email text? : where notices go
        supervisor_id text? : person_id of the direct supervisor
        cik text? : EDGAR's number for the owner, leading zeros optional
    """),
)  # fmt: skip
PEOPLE_ROLES = Table(
    "roles", "a role that a person holds from one day to another, both inclusive", ("person_id", "role", "from_on"),
    required=True,
    columns=_columns(f"""
        person_id people.person_id : who holds the role
        role text {ROLES} : which role
        from_on date : first day
        until_on date? : last day; empty = still held
    """),
)  # fmt: skip
RELATIONS_TABLE = Table(
    "relations", "a tie between an insider and another person or entity",
    ("person_id", "related_id", "relation", "from_on"),
    columns=_columns(f"""
        person_id people.person_id : the insider
        related_id text : the other person or entity
        relation text {RELATIONS} : what the other is to the insider
        from_on date : first day
        until_on date? : last day; empty = lasting
        same_household flag? : whether they share a household; empty = false
        pecuniary_share number0+? : the insider's share of the economic interest, 0 to 1; empty = 1 for the ties of Rule 16a-1
        born_on date? : date of birth of a child
    """),
)  # fmt: skip
ACCOUNTS = Table(
    "accounts", "a holder of a brokerage or plan account; a joint account has several rows", ("account_id", "holder_id"),
    required=True,
    columns=_columns("""
        account_id text : the account
        holder_id text : person_id of a holder
        broker text : who keeps the account
        broker_number text? : the number as the broker prints it, where it differs; may be masked
        kind text cash|margin|retirement|plan|custodial : the kind of account
        margin_enabled flag? : whether margin is enabled; empty = as the kind says
        managed flag? : whether an adviser decides the trades
        pledged flag? : whether the account secures a loan; empty = not known
        opened_on date? : first day
        closed_on date? : last day
    """),
)  # fmt: skip
SECURITIES = Table(
    "securities", "a security", ("symbol",), required=True,
    columns=_columns(f"""
        symbol text : the symbol
        issuer_id text : who issued it
        asset text {ASSETS} : what it is
        share_class text? : the class of equity; empty = the symbol
        underlying text? : symbol of the underlying of a derivative
        multiplier number+? : units of the underlying for one contract; empty = 1
        put_call text? put|call : which right an option gives
        strike number? : exercise price, US dollars
        expires_on date? : last day of the right
        cusip text? : CUSIP
        issued_by_company flag? : true for options and warrants that the company granted; empty = false
    """),
)  # fmt: skip
CORPORATE_ACTIONS = Table(
    "corporate_actions", "a split or a change of symbol", ("symbol", "ex_on", "kind"), seen_on="ex_on",
    columns=_columns("""
        symbol text : the symbol before
        ex_on date : first day on the new footing
        kind text split|symbol_change : what happened
        ratio number+? : new shares for one old
        new_symbol text? : the symbol after
    """),
)  # fmt: skip
ANNOUNCEMENTS = Table(
    "announcements", "a public announcement by the issuer", ("announcement_id",), seen_on="announced_on",
    columns=_columns("""
        announcement_id text : the announcement
        issuer_id text : whose
        kind text preliminary|final|restated|correction|material : what was announced
        quarter_ended_on date? : fiscal quarter whose results it gives
        announced_on date : New York date
        announced_at instant? : instant; empty = not known
    """),
)  # fmt: skip
PERIODIC_FILINGS = Table(
    "periodic_filings", "a quarterly or annual report filed with the SEC", ("form", "quarter_ended_on"),
    seen_on="accepted_at",
    columns=_columns("""
        form text 10-Q|10-K : the form
        quarter_ended_on date : end of the fiscal quarter reported
        accepted_at instant : when EDGAR accepted it
    """),
)  # fmt: skip
CLEARANCES = Table(
    "clearances", "a request for clearance with its decision", ("clearance_id",), seen_on="decided_on",
    columns=_columns("""
        clearance_id text : the request
        person_id people.person_id : who asked
        covers text? : person_ids it covers, joined by ;  empty = who asked
        account_id text? : account; empty = any
        symbol text : what is to be traded
        side text buy|sell|gift : which way
        quantity number+? : units; empty = any
        requested_on date? : day of the request
        requested_at instant? : instant of the request
        decision text approved|denied|pending : what was decided
        decided_on date? : day on which the person received it
        decided_at instant? : instant at which the person received it
        decided_by text? : person_id of the approver
        channel text? : how it was confirmed
        trade_on date? : proposed day
        revoked_at instant? : when it was withdrawn
        extended_until_on date? : last day after an extension
        multi_trade flag? : whether several orders may use it
    """),
)  # fmt: skip
PLANS = Table(
    "plans", "a Rule 10b5-1 plan", ("plan_id",), seen_on="adopted_on",
    columns=_columns("""
        plan_id text : the plan
        person_id people.person_id : whose
        kind text standard|single_trade|sell_to_cover : which kind
        adopted_on date : day of adoption
        approved_by text? : person_id of the approver
        approved_on date? : day of approval
        copy_received flag? : whether a Compliance Officer has a copy
        certified flag? : whether the good-faith representations were made
        symbol text : what is traded
        side text buy|sell : which way
        max_per_day number+? : most units on one day
        limit_price number? : sell at or above, buy at or below, US dollars
        first_trade_on date? : first day
        ends_on date? : last day
        terminated_on date? : day of termination
        completed_on date? : day on which all was done
    """),
)  # fmt: skip
PLAN_CHANGES = Table(
    "plan_changes", "a change to a plan", ("plan_id", "changed_on", "kind"), seen_on="changed_on",
    columns=_columns("""
        plan_id text : the plan
        changed_on date : day of the change
        kind text amount|price|timing|termination : what changed
        max_per_day number+? : new most units on one day
        limit_price number? : new limit, US dollars
        ends_on date? : new last day
        reported_on date? : day on which a Compliance Officer was told
    """),
)  # fmt: skip
LISTS = Table(
    "lists", "a person's entry on a restricted or project list", ("list_id", "person_id"), seen_on="added_at",
    columns=_columns("""
        list_id text : the list
        person_id text : who is on it; * = everyone
        kind text restricted|project : which kind
        issuer_id text : issuer whose securities are barred
        added_at instant : from when
        removed_at instant? : until when
        public_at instant? : when the news became public
    """),
)  # fmt: skip
TRADES = Table(
    "trades", "an execution line of a statement", ("trade_id",), seen_on="traded_on",
    columns=_columns(f"""
        trade_id text : the line
        account_id text : the account
        symbol text : the security
        kind text {TRADE_KINDS} : what kind of transaction
        quantity number+ : units
        price number? : US dollars a unit
        traded_on date : New York date of execution
        traded_at instant? : instant of execution
        settled_on date? : day of settlement
        order_id text? : the order it filled
        order_type text? market|limit|stop : type of that order
        time_in_force text? day|gtc|gtd : how long that order lasted
        order_placed_at instant? : when that order was placed
        order_expires_on date? : last day of that order
        venue text? public|private|issuer : where; empty = public
        plan_id text? : Rule 10b5-1 plan named on the statement
        date_chosen_by_insider flag? : whether the insider chose the date of a plan trade
        notified_on date? : day on which the insider was told of a plan trade
        sec_code text? : transaction code of Form 4
        action text? new|cancel|correct : empty = new
        amends text? : trade_id that a cancel or correction replaces
        marked_short flag? : whether the broker marked the sale short
        recipient_id text? : who received a gift
        reported_on date? : day on which the source told of it
    """),
)  # fmt: skip
HOLDINGS = Table(
    "holdings", "a position on a statement", ("account_id", "symbol", "held_on", "position"), seen_on="held_on",
    columns=_columns("""
        account_id text : the account
        symbol text : the security
        held_on date : day of the statement
        quantity number : units, negative when short
        position text cash|margin|short|unknown : how it is held
        pledged_quantity number0+? : units that secure a loan
    """),
)  # fmt: skip
ORDERS = Table(
    "orders", "an order", ("order_id",), seen_on="placed_at",
    columns=_columns("""
        order_id text : the order
        account_id text : the account
        symbol text : the security
        side text buy|sell : which way
        quantity number+ : units
        order_type text market|limit|stop : its type
        time_in_force text day|gtc|gtd : how long it lasts
        placed_at instant? : when it was placed
        expires_on date? : last day
        status text open|filled|cancelled|expired : what became of it
        plan_id text? : Rule 10b5-1 plan it belongs to
    """),
)  # fmt: skip
ELECTIONS = Table(
    "elections", "an election in a purchase programme", ("person_id", "program", "elected_on", "kind"),
    seen_on="elected_on",
    columns=_columns("""
        person_id people.person_id : whose
        program text stock_in_lieu|dividend_reinvestment|espp : which programme
        elected_on date : day of the election
        kind text enrol|increase|decrease|stop : what was elected
    """),
)  # fmt: skip
REPORTS = Table(
    "reports", "a report of a transaction to a Compliance Officer", ("report_id",), seen_on="reported_at",
    columns=_columns("""
        report_id text : the report
        person_id people.person_id : the insider or the trader
        trade_id text? : the trade reported
        symbol text? : the security reported
        kind text? : kind of trade reported
        traded_on date? : day of the trade reported
        quantity number+? : units reported; empty = all
        reported_at instant : when it reached a Compliance Officer
    """),
)  # fmt: skip
FILINGS = Table(
    "filings", "a Form 3, 4, 5 or 144 on EDGAR, for one owner", ("accession",), seen_on="accepted_at",
    columns=_columns("""
        accession text : EDGAR's accession number
        form text 3|4|5|144|3/A|4/A|5/A|144/A : the form
        person_id people.person_id : the owner
        issuer_id text : the issuer
        accepted_at instant? : when EDGAR accepted it; empty = an EDGAR file without header or list entry
        period_on date? : period of the report
        amends text? : accession that an amendment replaces
    """),
)  # fmt: skip
FILING_LINES = Table(
    "filing_lines", "a transaction line of a form", ("accession", "line"),
    columns=_columns("""
        accession text : the form
        line count : number of the line, non-derivative table first
        derivative flag : whether it stands in the derivative table
        symbol text? : the security; empty = the class of the form
        sec_code text : transaction code
        acquired flag? : true = acquired, false = disposed of
        traded_on date : day of the transaction
        quantity number0+ : units
        price number? : US dollars a unit
        under_plan flag? : whether the form says that a 10b5-1 plan was used
        deemed_on date? : deemed execution date
    """),
)  # fmt: skip
ATTESTATIONS = Table(
    "attestations", "a person's attestation for a quarter", ("person_id", "quarter_ended_on"), seen_on="sent_on",
    columns=_columns("""
        person_id people.person_id : whose
        quarter_ended_on date : the quarter
        sent_on date? : day on which it was sent out
        answered_at instant? : when it was answered, the last time
        first_answered_at instant? : when it was answered for the first time, where it was answered again
        policy_read flag? : statement: I have read the policy
        accounts_complete flag? : statement: all accounts are listed
        trades_complete flag? : statement: all trades were reported
        no_margin_or_pledge flag? : statement: no margin, no pledge
        no_derivatives flag? : statement: no derivatives
    """),
)  # fmt: skip
ESCALATIONS = Table(
    "escalations", "a suspicion that a supervisor passes on", ("escalation_id",), seen_on="aware_at",
    columns=_columns("""
        escalation_id text : the escalation
        reported_by people.person_id : who passes it on
        about_id text : whom it is about
        aware_at instant : when the reporter became aware
        reported_at instant? : when it was passed on
    """),
)  # fmt: skip
REVIEWS = Table(
    "reviews", "a review of a case; rows are only ever added", ("review_id",), seen_on="reviewed_at",
    columns=_columns("""
        review_id text : the review
        case_id text : person_id/matter
        reviewed_by text : person_id of the reviewer
        reviewed_at instant : when
        decision text : what was decided
        note text? : why
        evidence text? : what was looked at
    """),
)  # fmt: skip

ACCEPTANCES = Table(
    "acceptances", "an entry of one of EDGAR's filing lists; read from EDGAR alone", ("accession", "listed_for"),
    seen_on="filed_on", staged=True,
    columns=_columns("""
        accession text : EDGAR's accession number
        listed_for text : CIK of the company or person whose list it is; header = the form's own header
        form text : the form
        filed_on date : filing date
        report_on date? : period of the report
        accepted_at instant? : when EDGAR accepted it; empty where the list's clock can't be told
        items text? : items of an 8-K, joined by ,
    """),
)  # fmt: skip
LISTED_FORMS = Table(
    "listed_forms", "a Form 3, 4 or 5 of the SEC's insider transactions data sets", ("accession",), seen_on="filed_on", staged=True,
    columns=_columns("""
        accession text : EDGAR's accession number
        form text : the form
        filed_on date : filing date
        period_on date? : period of the report
        original_on date? : filing date of what an amendment amends
        issuer_id text : CIK and symbol of the issuer
        under_plan flag? : whether the box for a 10b5-1 plan is ticked
    """),
)  # fmt: skip
LISTED_OWNERS = Table(
    "listed_owners", "a reporting owner of a form of those data sets", ("accession", "owner"), staged=True,
    columns=_columns("""
        accession text : EDGAR's accession number
        owner text : CIK of the owner
    """),
)  # fmt: skip
LISTED_LINES = Table(
    "listed_lines", "a transaction line of a form of those data sets", ("accession", "derivative", "number"), staged=True,
    columns=_columns("""
        accession text : EDGAR's accession number
        number count : the SEC's number of the line
        derivative flag : whether it stands in the derivative table
        sec_code text : transaction code
        acquired flag? : true = acquired, false = disposed of
        traded_on date : day of the transaction
        quantity number0+? : units; empty where the form gives a value alone
        price number? : US dollars a unit
        deemed_on date? : deemed execution date
    """),
)  # fmt: skip

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        PEOPLE, PEOPLE_ROLES, RELATIONS_TABLE, ACCOUNTS, SECURITIES, CORPORATE_ACTIONS, ANNOUNCEMENTS, PERIODIC_FILINGS,
        CLEARANCES, PLANS, PLAN_CHANGES, LISTS, TRADES, HOLDINGS, ORDERS, ELECTIONS, REPORTS, FILINGS, FILING_LINES,
        ATTESTATIONS, ESCALATIONS, REVIEWS, ACCEPTANCES, LISTED_FORMS, LISTED_OWNERS, LISTED_LINES,
    )
}  # fmt: skip
"""Every canonical table by name, in the order of flow."""
NATIVE = tuple(name for name, table in TABLES.items() if not table.staged)
"""Tables that a data folder may hold in files of their names."""
