"""What judging makes of texts."""

from copydesk.adapters.memory.index import MemoryIndex
from copydesk.index import Kind
from copydesk.index.judgement import Judgement
from copydesk.index.records import from_record


def judgements(index: MemoryIndex) -> dict[str, Judgement]:
    index.refresh(*Kind)
    rows = {row.id: dict(row.body) for row in index.scan(Kind.JUDGEMENTS)}
    return {
        id_: from_record(Judgement, {k: v for k, v in body.items() if k not in {"checksum", "revision"}})
        for id_, body in rows.items()
    }
