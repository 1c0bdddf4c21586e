"""Reading: a capture → a document, or a rejection with its reason. Pure; `copydesk.reader` runs it in a child.

decoding → facts, page          bytes to text; what the page declares; the page without what is no prose
extracting → cleaning           the article's lines; those that go, each with its reason
metadata, people, language      the fields
documents                       all of it together
"""
