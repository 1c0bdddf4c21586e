"""Reading: a capture → a document, or a rejection with its reason. Pure; `adapters.child` runs it in a child.

In the order of the street; `documents` calls them, and `cleaning` between extraction and language:

decoding      bytes → text
selecting     the desk's selectors: lines out of the page, and back into what extraction leaves of it
page          facts that it declares; then its tree for extraction: layout set right, images out, marks noted (labels)
extracting    the page → the article's lines; parts joins an article that stands in several containers
metadata      facts → fields; dates for times, people for names
language      text → language
"""
