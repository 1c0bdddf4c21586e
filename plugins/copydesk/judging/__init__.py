"""Judging: which texts are copies of one another, and which tell the same story.

What of a text can be compared is kept as its fingerprint; what is decided on as a whole is a connected component of
the graph of texts (an edge: copies, one event, or an item of a roundup). In the order in which a text meets them:

fingerprint/    a document → the hashes of its words, quotes, names and numbers
candidates      the search: texts that share enough to be compared, and the edges among these
gathering       the components that must be decided on, with the rulings about them; hands them to clustering
clustering/     the decision, a pure function of a component:
  edges, features, links  what two texts have in common → whether they are copies, one event, apart
  pairs, linkage          sums over equal hashes; links → groups
  components, constraints connected parts of a graph; what people ruled: must-link and cannot-link
  families, agencies      copies → families, and their originals
  stories, provenance     families → stories; who carried a text when, and whose it is
  decision                all of these in order: a component → judgements, families, stories
applying        writes the decision under guards, and begins again when another worker was faster
"""
