"""Queries compiled to Python: what the reference executor answers, at a fraction of its work.

Read in this order: `plan` (what is asked, once all that is known before the first request is
worked out), `source` (a plan as Python), `runtime` (what that Python calls), `levels` (how the
asynchronous fields of a level are awaited together), `compiler` (all of it for one operation).

The reference executor decides everything unusual: an attempt that meets an error, a null where
none may be, or anything else that the source does not expect, is dropped, and the operation is
run again from its start.
"""
