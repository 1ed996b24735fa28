# States of a case and where its clock stands; the word says the fact.
state-draft = Draft
state-submitted = Waiting to be accepted
state-pre-supplement = Papers needed before acceptance
state-rejected = Not accepted
state-accepted = Accepted
state-processing = In progress
state-processing-assign = Waiting to be assigned
state-processing-appraise = Being examined
state-processing-consult = Asking other offices
state-processing-field = Site visit
state-processing-meeting = Before the panel
state-processing-review = Result under review
state-processing-sign = Waiting for signature
state-processing-stamp = Being sealed and registered
state-interlinked = In progress with several agencies
state-supplement = Waiting for papers
state-supplemented = Papers in, being checked
state-fin-duty = Waiting for payment
state-withdraw-req = Withdrawal requested
state-withdrawn = Withdrawn
state-stopped = Stopped
state-result-ready = Result ready
state-returned = Result handed over
state-suspended-lawful = Suspended
due-new = New
due-left = { $n ->
    [one] 1 day left
   *[other] { $n } days left
}
due-today = Today
due-late = { $n ->
    [one] 1 day late
   *[other] { $n } days late
}
due-paused = Suspended
done-early = Early
done-on-time = On time
done-late = Late
