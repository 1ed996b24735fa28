# Pages for citizens: search, procedures, submission, tracking.
home-ask = What do you need to do?
home-ask-hint = Type with or without marks
search-none = Nothing found. Try fewer words, or call (0297) 1022.
search-meant = Showing “{ $meant }”. Search for “{ $typed }” instead
proc-start = Start online
proc-papers = What you need
proc-same-day = Same day; after 15:00, the next working day
proc-unverified = This part is not yet checked against the published decision
check-title = Check before you submit
check-declare = I declare that the above is true and accept responsibility in law.
check-submit = Submit
done-title = Application received
done-appointment = Result due
done-expected = Result expected
done-pin = This code is shown once. Keep it to yourself.
done-file-hash = File check code
track-where = Where your case is
track-holder = { $name } has had it since { $since }. Due by { $until }.
track-why = Why { $date }?
track-nothing = You have nothing to do now
track-supplement = { $n ->
    [one] 1 paper is missing. The date restarts once it is in.
   *[other] { $n } papers are missing. The date restarts once they are in.
}
track-late = { $n ->
    [one] This case is 1 day late. Reason: { $reason }. New date: { $date }.
   *[other] This case is { $n } days late. Reason: { $reason }. New date: { $date }.
}
track-withdraw = Withdraw
track-hidden = This case can’t be opened. Check the code and PIN.
