"""What courses show of proceedings, which errors they notice, and random courses (docs/flow/law-tests.md).

Plain code over the stage `claim`; it stands among the engines because it uses processes and random numbers.
"""
