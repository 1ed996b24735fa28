# Reception at the counter: drafts, several procedures, the lane for what is settled at once.
