"""The reviewing desk: the ledger of decisions, and the pages on which people decide."""
