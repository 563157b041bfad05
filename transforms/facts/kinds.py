"""What each kind of trade is: its side, its effect on the position, its code and how Section 16(b) sees it."""

import polars as pl

_KINDS = """
buy                     buy   +1  P  purchase  -
sell                    sell  -1  S  sale      -
short_sell              sell  -1  S  sale      -
cover                   buy   +1  P  purchase  -
sell_to_cover           sell  -1  S  sale      -
gift_out                gift  -1  G  exempt    gift
gift_in                 -     +1  G  exempt    -
grant                   -      0  A  exempt    -
vest                    -     +1  -  exempt    vesting
tax_withholding         -     -1  F  exempt    tax_withholding
exercise_cash           -     +1  M  exempt    option_exercise
exercise_net            -     +1  M  exempt    option_exercise
stock_in_lieu_purchase  -     +1  A  exempt    stock_in_lieu
dividend_reinvestment   -     +1  -  exempt    automatic_purchase
espp_purchase           -     +1  -  exempt    automatic_purchase
exercise                -     +1  X  exempt    -
assignment              -     +1  X  exempt    -
expiry                  -      0  -  expiry    -
transfer_in             -     +1  -  none      -
transfer_out            -     -1  -  none      -
"""


def kinds() -> pl.DataFrame:
    """One row a kind: side, movement (+1, 0, -1 on the symbol's own position), usual code, swing, permitted.

    `permitted` names the exemption of the policy (IX, V.E) that takes the kind out of window and clearance.
    """
    rows = [[None if cell == "-" else cell for cell in line.split()] for line in _KINDS.strip().splitlines()]
    frame = pl.DataFrame(rows, schema=["kind", "side", "movement", "usual_code", "swing", "permitted"], orient="row")
    return frame.with_columns(pl.col("movement").cast(pl.Int64))
