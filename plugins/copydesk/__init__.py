"""Copydesk: the street a news page walks.

    Source ─poll─► Entry ─capture─► Capture ─read─► Document ─judge─► Document ─store─► index ─match─► Alert ─send─►
    Message
     yaml       announced url     raw, archived    clean text     original or copy              topic met

Every entry and every capture ends in exactly one outcome, a Rejection with its reason among them.
`pipeline.py` is the only file that knows the order.
"""

__version__ = "0.3.0"
