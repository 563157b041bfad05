"""Computes, purely: tables to tables. No disk, no clock, no network, no database."""
