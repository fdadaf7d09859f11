"""Names that occur next to postcodes and streets: states, provinces, and large cities.

Public facts: USPS state abbreviations (Publication 28, appendix B), Canada Post provinces, Australia
Post states. The cities are those that most often occur beside a postcode without a label; the model
knows the others.
"""

# ruff: noqa: E501, SIM905  # patterns, one a line; tables of words read best as prose
from __future__ import annotations

US_STATES = (
    "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI "
    "SC SD TN TX UT VT VA WA WV WI WY DC PR"
).split()
STATE_NAMES = [
    *(
        "alabama alaska arizona arkansas california colorado connecticut delaware florida georgia hawaii idaho illinois "
        "indiana iowa kansas kentucky louisiana maine maryland massachusetts michigan minnesota mississippi missouri montana "
        "nebraska nevada ohio oklahoma oregon pennsylvania tennessee texas utah vermont virginia washington wisconsin wyoming "
        "kerala goa gujarat karnataka maharashtra punjab rajasthan telangana"
    ).split(),
    "new hampshire",
    "new jersey",
    "new mexico",
    "new york",
    "newyork",
    "north carolina",
    "north dakota",
    "rhode island",
    "south carolina",
    "south dakota",
    "west virginia",
    "tamil nadu",
    "tamilnadu",
    "uttar pradesh",
    "west bengal",
]
PROVINCES = "ON QC BC AB MB SK NS NB NL PE YT NT NU NSW VIC QLD TAS ACT".split()
CITIES = [
    *(
        "chennai mumbai delhi bangalore bengaluru hyderabad kolkata pune ahmedabad jaipur lucknow kochi cochin coimbatore "
        "madurai salem trichy tirupur erode nagpur indore bhopal surat noida gurgaon gurugram chandigarh mysore vellore "
        "chicago houston phoenix philadelphia dallas austin jacksonville columbus charlotte indianapolis seattle denver "
        "boston nashville detroit portland memphis louisville baltimore milwaukee albuquerque tucson fresno sacramento "
        "atlanta miami oakland minneapolis tulsa tampa cleveland honolulu anaheim orlando pittsburgh cincinnati anchorage "
        "buffalo richmond boise spokane rochester brooklyn queens bronx manhattan dover charleston springfield dubai "
        "berlin hamburg münchen munich köln cologne frankfurt stuttgart düsseldorf leipzig dortmund essen bremen dresden "
        "hannover nürnberg paris marseille lyon toulouse nice nantes strasbourg montpellier bordeaux lille rennes madrid "
        "barcelona valencia sevilla zaragoza málaga murcia palma bilbao alicante córdoba valladolid granada roma rome milano "
        "milan napoli torino palermo genova bologna firenze florence venezia verona sydney melbourne brisbane perth adelaide "
        "canberra hobart darwin warszawa kraków łódź wrocław poznań gdańsk wien vienna zürich"
    ).split(),
    "los angeles",
    "san francisco",
    "san diego",
    "san antonio",
    "san jose",
    "las vegas",
    "fort worth",
    "el paso",
    "new orleans",
    "kansas city",
    "long beach",
    "salt lake city",
    "st louis",
    "palo alto",
]


def alternatives(words: list[str]) -> str:
    """The words as alternatives of a regular expression, longest first; a space matches any run of space."""
    return "|".join(word.replace(" ", r"\s") for word in sorted(words, key=lambda word: (-len(word), word)))
