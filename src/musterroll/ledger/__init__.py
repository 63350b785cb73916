"""An append-only log on plain files (C2SP tlog-tiles), checkpoints and witnesses. Knows nothing of conscription."""
