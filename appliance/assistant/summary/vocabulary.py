"""Words that any summary may have, and those that must be copied from the call."""

_LITTLE = """
a an the and or but that which who whom whose this these those it its they them their theirs
he she his her him there here is are was were be been being am has have had having do does
did done not no nor never cannot can could will would shall should may might must of to in
on at by for with from about into over after before since because as if when while until
during than then so out up down off again any some all both each more most less very too
also only just now still yet other another same such own without within between through
against under what why how where whether
"""
_REPORTING = """
customer agent team issue problem matter help assistance information details reason request
question query service
complaining complains complained asking asks asked enquiring enquires wants wanted needs
reporting reports reported unhappy disappointed frustrated upset concerned facing having
trouble unable experiencing wondering looking saying says said
apologised apologises apologized apologizes informed informs suggests suggested suggesting
requested requests requesting advised advises told explained explains offered offers
provided provides updated updates replied replies confirmed confirms promised promises
checked checks thanked assured assures stated states agreed arranged
further back get got getting give given find check send sent take make made look know let
use used using work works working
"""

_OPENERS = """
customer agent they he she it the this that a an and but then also however
kunde kundin agentin sie er es der die das ein eine
"""
_COPIED = """
monday tuesday wednesday thursday friday saturday sunday
january february march april june july august september october november december
today tomorrow yesterday tonight
twice thrice dozen half double triple hundreds thousands million millions
montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag
januar februar märz mai juni juli oktober dezember heute morgen gestern übermorgen
halb doppelt zweimal dreimal
"""
_UNITS = """
dollar dollars buck bucks usd $
cent cents
pound pounds quid gbp pfund £
penny pence p
euro euros eur €
percent prozent %
second seconds sekunden
minute minutes min mins minuten
hour hours hrs stunde stunden
day days tag tage tagen werktage werktagen
week weeks woche wochen
month months monat monate monaten
year years yrs jahr jahre jahren
gigabyte gigabytes gb gig gigs
megabyte megabytes mb meg megs
mile miles
kilometre kilometres kilometer kilometers km
january januar
february februar
march märz
april
june juni
july juli
august
september
october oktober
november
december dezember
"""

# A draft may have these whatever was said; every other word of it was said.
COMMON = frozenset((_LITTLE + _REPORTING).split())

# A sentence may begin with these; any other capital letter is a name that must be copied.
OPENERS = frozenset(_OPENERS.split())

# Days, months, and amounts that are not numbers: as easily invented as those.
COPIED = frozenset(_COPIED.split())

# What a number counts, by the words and signs for it.
UNITS = {
    word: words.split()[0]
    for words in _UNITS.strip().splitlines()
    for word in words.split()
}
MONEY = frozenset({"dollar", "cent", "pound", "penny", "euro"})
MONTHS = frozenset(
    unit for unit in UNITS.values() if unit in COPIED or unit in ("august", "april")
)
SIGNS = frozenset("$£€%")
