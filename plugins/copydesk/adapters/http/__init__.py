"""The Fetcher: guarded, polite HTTP, and what robots.txt lets us do."""
