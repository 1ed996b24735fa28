# Texts shared by all pages. Vietnamese is the source; every key here exists there.
site-name = { $place } One-stop Shop
site-desk = One-stop desk
site-sub = Public services of the province and its communes
lang-vi = Tiếng Việt
lang-en = English
lang-nav = Language
frame-skip = Skip to main content
frame-keys = Keyboard shortcuts
frame-all-keys = all shortcuts
frame-keys-switch = Switch single-letter shortcuts off or on
frame-error-prefix = Error:{" "}
frame-paper-address = Address of this page:
frame-demo = Trial version. People, cases and figures are invented.
foot-help = Help
foot-access = Accessibility
foot-privacy = Protection of personal data
foot-figures = Performance figures
foot-api = Open data
foot-phone = Support line:
foot-hours = Monday to Friday, 7:00–11:00 and 13:00–17:00.
search-label = Find a procedure
search-go = Search
search-desk = Find a case, person, procedure or command
nav-procedures = Procedures
nav-track = Track a case
nav-places = Offices
nav-sign-in = Sign in
nav-sign-out = Sign out
undo = Undo
form-next = Continue
form-back = Back
form-save = Save and come back later
form-step = question { $n } of { $total }
form-change = Change
form-optional = optional
form-day = Day
form-month = Month
form-year = Year
form-choose = Choose
form-file-hint = JPG, PNG or PDF, { $mb } MB at most
err-title = { $n ->
    [one] Fix 1 thing to continue
   *[other] Fix { $n } things to continue
}
err-mark = Error:{" "}
page-prev = ‹ Previous
page-next = Next ›
page-of = { $from }–{ $to } of { $total }
page-more-than = { $from }–{ $to } of more than { $total }
page-none = No rows
table-pick-page = Choose the whole page
why-title = Why { $date }?
why-count = { $n ->
    [one] Counting 1 working day
   *[other] Counting { $n } working days
}
why-day-out = not counted
why-day-from = day of receipt, not counted
why-day-from-short = in
why-day-work = working day { $n }
why-day-extra = working day { $n }, worked in exchange
why-day-pause = clock stopped, not counted
why-day-today = today
why-day-due = due date
why-weekend = weekend
why-key-work = working day
why-key-off = day off, not counted
why-key-extra = worked in exchange, counted
why-key-pause = clock stopped
why-key-today = today
why-key-due = due
time-expected = expected { $date }
time-step-done = done
time-step-now = in progress
time-step-next = still to come
# Dates and times
weekday-1 = Monday
weekday-2 = Tuesday
weekday-3 = Wednesday
weekday-4 = Thursday
weekday-5 = Friday
weekday-6 = Saturday
weekday-7 = Sunday
weekday-short-1 = Mon
weekday-short-2 = Tue
weekday-short-3 = Wed
weekday-short-4 = Thu
weekday-short-5 = Fri
weekday-short-6 = Sat
weekday-short-7 = Sun
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
date-today = today, { $date }
date-tomorrow = tomorrow, { $date }
date-yesterday = yesterday, { $date }
working-hours = { $n ->
    [one] 1 working hour
   *[other] { $n } working hours
}
days = { $n ->
    [one] 1 day
   *[other] { $n } days
}
money = { $amount } đ
money-free = Free of charge
money-unknown = Amount not recorded; told at the desk
yes = Yes
no = No
bulk-chosen = chosen
bulk-done = { $n } moved; { $m } could not be moved, see why
bulk-group = Acts on the chosen cases
frame-main-nav = Main
frame-side-nav = Case lists
nav-crumbs = Breadcrumb
page-nav = Pages
search-desk-hint = Case code, ID number, name, procedure, command…
table-pick = Choose { $code }
why-label = How the date was worked out
