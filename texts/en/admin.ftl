# Administration: units, posts, accounts, calendar, reorganisation.
