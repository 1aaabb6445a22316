"""Throughline's core: the film, the members' wishes, the work. Standard library only.

The whole flow in six lines:

1. A listener stores a wish (`commands.Command` + `people.Member` + `people.Address`) and acknowledges it.
2. `studio.Studio.handle` turns it, in one transaction, into shot, take, brief, job, reservation and an engine ticket.
3. `brief.compile_brief` writes what the model is told: spine, carried-over facts, the member's own words.
4. The engine calls `jobs.drive(job)`, which moves the job's row from state to state and asks a backend to film.
5. `delivery.Delivery` shows progress and posts the clip, by the same row, as a `cards.Card`.
6. Whatever dies, `drive` is simply run again: the row knows what has irrevocably happened.
"""
