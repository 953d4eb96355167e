"""Certifies implementations of log-sum-exp and its relatives against the exact result."""
