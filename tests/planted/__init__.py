"""A seeded book of trades in which every fault is planted and labelled, to measure what the rules miss and what they invent.

The labels are worked out here, beside the rows that cause them, and never by the program's own rules or facts.
"""
