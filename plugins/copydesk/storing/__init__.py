"""Store: documents → articles and their earlier states, under external versions.

`versions.plan` decides what becomes of each document, `writing.store` acts, `settling.settle` brings articles in line
with their judgement; `refused` keeps what Elasticsearch does not take, `retention` drops what is too old.
"""
