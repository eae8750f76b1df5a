"""Denied actions are remembered for half an hour, each by itself."""

from hottui.model.tracking import Trouble
from hottui.monitor.permissions import DENIED_FOR, Permission, Permissions

JOB = Permission("key@host", "ws", "team", "GetJob")
FLINK = Permission("key@host", "ws", "team", "FlinkApiProxy")
DENIED = Trouble(1.0, "Not authorized.")


def test_a_denial_lasts_half_an_hour() -> None:
    permissions = Permissions()
    assert permissions.denial(JOB, 0.0) is None
    permissions.denied(JOB, DENIED, 0.0)
    assert permissions.denial(JOB, DENIED_FOR - 1) == DENIED
    assert permissions.denial(FLINK, 1.0) is None
    assert permissions.denial(JOB, DENIED_FOR) is None
    assert permissions.line(), "it is still not known to be granted"


def test_the_line_names_actions_by_namespace() -> None:
    permissions = Permissions()
    assert permissions.line() == ""
    for permission in (JOB, FLINK, Permission("key@host", "ws", "ops", "GetJob")):
        permissions.denied(permission, DENIED, 0.0)
    assert permissions.line() == "Not permitted in ops: GetJob; team: FlinkApiProxy, GetJob."
    assert permissions.granted(JOB)
    assert not permissions.granted(JOB)
    assert permissions.line() == "Not permitted in ops: GetJob; team: FlinkApiProxy."
