"""The world, and nothing else. `copydesk.connect` builds what stands here."""
