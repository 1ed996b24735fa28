# Worklists, saved views, work in bulk, the queue of a leader, delegation.
