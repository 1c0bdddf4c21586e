"""Reading: a capture → a document, or a rejection with its reason. Pure; `adapters.child` runs it in a child.

In the order of the street; `documents` calls them, and `cleaning` between extraction and language:

decoding      bytes → text
selecting     the desk's selectors: lines out of the page, and back into what extraction leaves of it
page          facts that it declares; then its tree for extraction: containers opened, posts of a live blog gathered,
              layout set right, images out, marks noted (labels)
extracting    the page → the article's lines; parts joins an article that stands in several containers
losses        what extraction lost or misplaced; bodies: text that stands in scripts alone
metadata      facts → fields; addresses, dates for times, people for names
gate          whether it is an article; access: whether it is a whole one
language      text → language
"""
