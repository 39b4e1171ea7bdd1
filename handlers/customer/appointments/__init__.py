"""Try-on appointments by talking: `booking.py` is the way of a booking, `own.py` what happens to visits that stand."""

from handlers.customer.appointments.booking import router

__all__ = ["router"]
