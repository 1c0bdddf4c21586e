"""The whole street in one process, everything from one seed: clock, sites, disk, index, workers and what goes wrong.

made.py      the small made world: pages, feeds and their changes, with the truth beside them
turns.py     workers that take turns, deterministically, at every touch of the world
faults.py    what goes wrong, drawn from the seed; and a worker's hold on the world, which may be cut
sites.py     the fetcher: sites that fail as drawn
disk.py      the real archive over a folder, with files that fail as drawn
rotting.py   what the disk loses of finished segments
records.py   the index, refusing, tearing, forgetting to answer and losing races as drawn
scenes.py    what a seed decides, and the run: phases, rounds, tasks
state.py     all that is known at the end, comparable between runs: one digest
laws.py      what must hold, whatever went wrong
sweeping.py  one scene, killed at every write
soaking.py   the street with its index on a real Elasticsearch
cutting.py   the proxy between them, which cuts connections as drawn
"""
