"""Ways out to people, one file a channel. Only an act that has passed the gate of charter S11 may call one."""
