"""Runs Copydesk on this machine without Docker: Java, Elasticsearch, Airflow; no part of the library."""
