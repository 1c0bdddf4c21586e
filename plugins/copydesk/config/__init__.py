"""What people write and set: settings, `sources.yml`, `topics.yml`; checked when loaded, one line for each mistake."""
