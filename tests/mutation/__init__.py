"""Mutation testing of rules/ and transforms/facts/: each small change to a judgement has to be noticed by a test."""
