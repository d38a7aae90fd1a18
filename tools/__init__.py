"""Deterministic analysis of customers and transactions; knows nothing of language models or pages."""
