"""Charter tests that need a register share the small invented town of the register's tests."""

from tests.registerhome import called, cluster, empty, ledger_refuses, open_stage, rolled

__all__ = ["called", "cluster", "empty", "ledger_refuses", "open_stage", "rolled"]
