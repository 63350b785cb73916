"""The pages: what everybody may see (`public`) and what one person sees of themself (`person`).

1. Pages read through `register.queries` and change through `register.acts`; they never touch a model.
2. A person is a session, not an account. Signing in and looking are not recorded (charter S6); reading by officers is
   an act of the register (S8) and happens elsewhere.
3. No page loads anything from another machine, and every page works without JavaScript.
4. Addresses hold no personal values: what a form is about travels in its body and in the session.
"""
