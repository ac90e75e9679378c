"""The schema's names as load and judge use them, and which visits and appointments are not over."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "deploy/lib"))

from api import v1  # noqa: E402

CASE, VISIT, INVENTORY, DEVICE, APPOINTMENT = v1["case"], v1["visit"], v1["inventory"], v1["device"], v1["appointment"]
OPEN_VISITS = (VISIT.VISIT_STATE_PROPOSED, VISIT.VISIT_STATE_OFFERED, VISIT.VISIT_STATE_ACCEPTED,
               VISIT.VISIT_STATE_TRAVELLING, VISIT.VISIT_STATE_ON_SITE)
WORK_DONE = (CASE.CASE_STATE_PROVING, CASE.CASE_STATE_WAITING_FOR_OPERATION, CASE.CASE_STATE_AWAITING_CONFIRMATION,
             CASE.CASE_STATE_CLOSED)
HELD = APPOINTMENT.APPOINTMENT_STATE_HELD
PROMISED = (APPOINTMENT.APPOINTMENT_STATE_BOOKED, APPOINTMENT.APPOINTMENT_STATE_AT_RISK)
OPEN_APPOINTMENTS = (HELD, *PROMISED)
