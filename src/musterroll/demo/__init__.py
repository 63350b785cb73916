"""The demonstration: a sample population's agencies, its clock, its witnesses, its mail, and the truth report."""
