# Reception at the counter: drafts, several procedures, the lane for what is settled at once.
counter-number-hint = Type the number or scan the code on the card, then Enter
counter-from-card = Filled in from the code on the card. No earlier case at this desk.
counter-last-delivery = Last time the result went: { $how }.
counter-same-person = The same person as case { $code }.
counter-for-same = The next procedure for the same person; particulars are filled in.
counter-found-by = Found by “{ $words }”.
counter-others = Others that fit:
counter-files-any = Several scans at once
counter-files-any-hint = Choose or drop them here. Their names begin with the number of the paper, such as “2 birth notification.pdf”.
counter-folder = A whole folder of scans
counter-camera = Take a picture
counter-err-file-number = The file “{ $name }” does not begin with the number of a paper. Rename it or choose it in the row of the paper.
counter-file-out = Remove
counter-keep = Save for later
counter-kept-at = Saved at { $when }.
counter-keep-failed = Not saved yet, trying again. Nothing typed is lost.
counter-slots-full = There are { $n } unfinished receptions; no more can be saved. Delete some on the page where a procedure is chosen.
counter-begun = Begun and not finished
counter-begun-files = { $n ->
    [one] 1 file
   *[other] { $n } files
}
counter-drop = Delete
counter-dropped = Deleted.
counter-again = Another procedure, same person
counter-keys-again = Another procedure, same person
counter-go = Other cases of this person in this go
counter-keys-delivery = how the result goes out
counter-keys-pay = payment
counter-files-more = A whole folder, or the camera
counter-lane-title = Certified copies
counter-lane-what = Settled at once: no slip is printed, the case still has a code and a number in the book (Decree 61/2018 Article 17.4).
counter-lane-none = No procedure of this desk is settled at once with a fee by the page.
counter-lane-name = Who asks
counter-lane-copies = Copies
counter-lane-pages = Pages of the original
counter-lane-count = Work out the fee
counter-lane-fee = Take { $fee }
counter-lane-take = Take the fee, number and hand over
counter-lane-taken = Handed over: number { $number }, { $fee } taken.
counter-lane-rule = The first { $n } pages { $first } each, later ones { $rest }; at most { $most } a copy. This amount is not yet checked against the text.
counter-lane-open = Certified copies
counter-err-voided = The acceptance was cancelled, so the slip is not printed again. Take back the one that was printed.
counter-keys-slip = slip
