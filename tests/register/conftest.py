"""The register's tests share one PostgreSQL and the stages of one small invented town."""

from tests.registerhome import called, cluster, empty, ledger_refuses, open_stage, rolled

__all__ = ["called", "cluster", "empty", "ledger_refuses", "open_stage", "rolled"]
