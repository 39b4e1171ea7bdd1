"""What staff say and tap about visits: cards, commands, times, tasks."""

from handlers.advisor.appointments import blocks, booking, choosing, handing, taps, tasks, timing, views, visits

# Answers to a question that was just asked come before new commands.
ROUTERS = (
    choosing.router,
    handing.router,
    timing.router,
    booking.router,
    visits.router,
    taps.router,
    views.router,
    blocks.router,
    tasks.router,
)
