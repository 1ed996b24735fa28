# Security and audit: second factor, locks, records.
