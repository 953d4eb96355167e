"""Explicit ReLU networks with rational weights: built, evaluated, slimmed, settled, stored."""
