"""Faults and their twins, a module for each family of rules."""
