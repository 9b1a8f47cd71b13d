"""Writes of repairs that more than one door needs."""

from __future__ import annotations

from zongwu.repairs import rules
from zongwu.repairs.models import Ticket, TicketPart


def note_parts(ticket: Ticket, words: str) -> None:
    """Keep the usual parts that the words of 怎么修的 name, instead of those that were kept before."""
    ticket.parts.all().delete()
    TicketPart.objects.bulk_create(
        TicketPart(school_id=ticket.school_id, ticket=ticket, name=name, quantity=many)
        for name, many in rules.parts(words).items()
    )
