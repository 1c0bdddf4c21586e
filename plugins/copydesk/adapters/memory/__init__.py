"""An Index that lives in this process and refuses what Elasticsearch refuses."""
