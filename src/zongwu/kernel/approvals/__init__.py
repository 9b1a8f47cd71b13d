"""Approvals: a document passes named stages before it takes effect.

The route is data and versioned, a case pins the version that was in force when it began (`models`). A domain describes
what can be approved as a `Matter` (`matters`). Which tasks are open and when a stage is through is pure (`flow`); who
signs is found when a stage opens (`people`); `running` moves a case, `actions` are the doors, `editing` those of the
route editor.
"""
