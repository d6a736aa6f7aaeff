"""Document 004: the queues of a worker, in the order in which its -Q names them."""

QUEUES = ("basic", "advanced", "realworld")
