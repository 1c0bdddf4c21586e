"""The Index on Elasticsearch: one client, indices by kind and partition, bulk writes with an answer for every item."""
