# Registers, reports, receipts, cash closing, the post.
