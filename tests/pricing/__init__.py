"""Tests of the pricing models: against QuantLib, a plain tree, and what must hold of any price."""
