"""The talking shell around the tools: sessions, models, grounding, reports and the page."""
