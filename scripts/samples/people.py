"""The invented holders and their documents, as data. Nobody here exists; all are adults.

Who plays which part was chosen by the cosine similarity of the pictures (dlib ResNet descriptor):
strangers among these rendered faces reach 0.97, so look-alikes must not hold a clean document. The
figures are in `samples/README.md`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

__all__ = ["DOCUMENTS", "PEOPLE", "Document", "Person"]

_D = dt.date


@dataclass(frozen=True, slots=True)
class Person:
    """An invented identity; `face` is the identity of the pictures."""

    face: str
    primary: str
    secondary: str
    birth: dt.date
    sex: str
    place: str
    nationality: str = "UTO"


@dataclass(frozen=True, slots=True)
class Document:
    """A document as printed.

    Attributes:
        portrait: file stem of the printed portrait; a suffix `~m` mirrors it, `~z` shows it closer; empty for none.
        wrong: the fields whose check digits are printed wrong.
        viz: what the VIZ prints in place of the true value, by field; "again" prints the number a second time.
        mrz: what the MRZ is made of in place of the true value, by field.
        retouch: line, column and text that is printed over the finished MRZ; its check digits stay as they were.
        ghost: stem of the large ghost portrait of the newer series; empty for the small one of the older series.
        engraved: the portrait is engraved by a laser, not printed.
    """

    person: str
    layout: str
    number: str
    issue: dt.date
    expiry: dt.date
    portrait: str
    optional: str = ""
    issuing: str = "UTO"
    wrong: tuple[str, ...] = ()
    viz: dict[str, str] = field(default_factory=dict)
    mrz: dict[str, str] = field(default_factory=dict)
    retouch: tuple[int, int, str] | None = None
    ghost: str = ""
    engraved: bool = False


PEOPLE = {
    # Clean holders: no other person's picture that is met on this day comes above 0.940 to theirs.
    "000": Person("id000", "VALKENHORST", "MATTEUS JAN", _D(1979, 3, 14), "M", "ALDMOOR"),
    "001": Person("id001", "ÅSTRÖM", "LINNÉA", _D(1994, 8, 2), "F", "PORT VESPER"),
    "003": Person("id003", "DELACROIX-MAREN", "SÉVERINE", _D(1988, 11, 23), "F", "QUILLAN"),
    "007": Person("id007", "ŠIMKOVÁ", "JARMILA", _D(1981, 1, 30), "F", "ALDMOOR"),
    "013": Person("id013", "O'RIADH", "NIAMH CAOILTE", _D(1984, 6, 9), "F", "TARN HOLLOW", "XXA"),
    "014": Person("id014", "PAPADIMITRAKIS-VOSKOPOULOS", "ARISTIDES", _D(1992, 4, 17), "M", "QUILLAN"),
    "015": Person("id015", "NGUYEN", "THI BACH TUYET", _D(1990, 12, 5), "F", "EAST HARROW"),
    "018": Person("id018", "GROẞ", "FÜRCHTEGOTT", _D(1977, 9, 28), "M", "BRANN"),
    "025": Person("id025", "HALLGRÍMSDÓTTIR", "ÞÓRDÍS", _D(1996, 2, 11), "F", "NORTH SKERRY"),
    "027": Person("id027", "AMANUEL", "SELAMAWIT", _D(1983, 7, 19), "F", "EAST HARROW", "XXB"),
    "030": Person("id030", "ARYADIKARNO", "", _D(1986, 10, 3), "M", "PORT VESPER"),
    "031": Person("id031", "ŁUKASZEWICZ", "BOŻENA", _D(1985, 5, 26), "F", "BRANN"),
    # Holders of the planted documents; they recur under one identity.
    "002": Person("id002", "OYELARAN", "BAMIDELE", _D(1986, 2, 27), "M", "ALDMOOR"),
    "005": Person("id005", "MBEKANI", "THANDEKA", _D(1980, 8, 16), "F", "QUILLAN"),
    "009": Person("id009", "IRIARTE", "MAITE", _D(1987, 12, 21), "F", "PORT VESPER"),
    "022": Person("id022", "SSEKANDI", "JOEL", _D(1978, 4, 4), "M", "EAST HARROW"),
    "035": Person("id035", "QUARTEY", "ESI", _D(1981, 9, 13), "F", "BRANN"),
    "036": Person("id036", "BRANDVOLD", "EIRIK", _D(1983, 1, 18), "M", "NORTH SKERRY"),
    # Near to a clean holder, so shown only where no face can be read.
    "008": Person("id008", "KEMBOI", "ELISHA", _D(1985, 10, 29), "M", "ALDMOOR"),
    "019": Person("id019", "WINTERBOURNE", "CLARA", _D(1991, 6, 24), "F", "TARN HOLLOW"),
    "032": Person("id032", "TAKAHARA", "REN", _D(1985, 3, 31), "M", "QUILLAN"),
    "038": Person("id038", "SORAYAN", "DARIUS", _D(1990, 11, 12), "M", "BRANN"),
    # Look-alikes: different people; a candidate between them is expected, and innocent.
    "004": Person("id004", "ADEYEMI", "FOLARIN", _D(1977, 7, 7), "M", "EAST HARROW"),
    "028": Person("id028", "TESHOME", "YONAS", _D(1987, 2, 15), "M", "PORT VESPER"),
    "006": Person("id006", "HOLLOWAY", "PIERS", _D(1991, 9, 9), "M", "ALDMOOR"),
    "012": Person("id012", "CASTELLANE", "RÉMY", _D(1993, 5, 20), "M", "QUILLAN"),
    "021": Person("id021", "YAMADERA", "HANAKO", _D(1994, 1, 6), "F", "BRANN"),
    # Planted identities.
    "010": Person("id010", "DIARRASSOUBA", "IBRAHIM", _D(1979, 11, 1), "M", "EAST HARROW"),
    "020": Person("id020", "LINDQVIST", "KAI", _D(1986, 6, 30), "M", "NORTH SKERRY"),
    "039": Person("id039", "MÜLLER-KÖHN", "ANNELIE", _D(1992, 8, 12), "F", "BRANN"),
    "011A": Person("id011", "MWANGOLA", "ZAINA", _D(1994, 3, 3), "F", "ALDMOOR"),
    "011B": Person("id011", "PEREIRA", "LUCIANA", _D(1991, 10, 14), "F", "QUILLAN"),
    "022B": Person("id022", "OKUMU", "DENNIS", _D(1982, 12, 8), "M", "PORT VESPER"),
    # Holders of cards of which only the back is handed over, and of a passport with another face: nobody's picture.
    "b1": Person("", "TORVALDSEN", "INGA", _D(1972, 3, 8), "F", "BRANN"),
    "b2": Person("", "ZAMORANO", "CELSO", _D(1988, 10, 17), "M", "QUILLAN"),
    "b3": Person("", "FERNSBY", "PRUDENCE", _D(1980, 10, 30), "F", "TARN HOLLOW"),
    "b4": Person("", "GUÐLAUGSSON", "BJARTUR", _D(1969, 12, 2), "M", "NORTH SKERRY"),
    "b5": Person("", "HUIDOBRO", "ALEX", _D(1993, 7, 25), "X", "EAST HARROW"),
    "b6": Person("", "JUKNEVIČIUS", "ROKAS", _D(1987, 1, 2), "M", "ALDMOOR"),
    "b7": Person("", "EVERLEIGH", "WILHELMINA", _D(1926, 8, 1), "F", "BRANN"),
    "b8": Person("", "VUKASOVIĆ", "DEJAN", _D(2005, 1, 10), "M", "QUILLAN"),
    "b9": Person("", "ROSENLUND", "TUVA", _D(1990, 6, 5), "F", "PORT VESPER"),
    "b10": Person("", "CHIRWA", "MPHATSO", _D(1984, 2, 29), "M", "EAST HARROW"),
    "b11": Person("", "YLÄTALO", "KERTTU", _D(1976, 11, 19), "F", "NORTH SKERRY"),
    "b12": Person("", "DUNMORE", "FINTAN", _D(1995, 4, 28), "M", "ALDMOOR"),
    # Holders of pages that are drawn without a portrait.
    "p1": Person("", "OYINLOLA", "TITILAYO", _D(1989, 3, 27), "F", "BRANN"),
    "p2": Person("", "HEISKANEN", "OSKARI", _D(1974, 5, 15), "M", "NORTH SKERRY"),
    "p3": Person("", "MONTCLAIR", "EMERIC", _D(2019, 5, 6), "M", "QUILLAN"),
    "p4": Person("", "BJARNADOTTIR", "SOLVEIG", _D(1982, 9, 8), "F", "PORT VESPER"),
    "p5": Person("", "WAMBUI", "NJERI", _D(1991, 1, 23), "F", "EAST HARROW"),
}


def _doc(person: str, layout: str, number: str, issue: str, years: int, view: str = "doc", **extra: object) -> Document:
    start = _D.fromisoformat(issue)
    until = start.replace(year=start.year + years)
    portrait = f"{PEOPLE[person].face}_{view}" if PEOPLE[person].face else ""
    return Document(person, layout, number, start, until, portrait, **extra)  # type: ignore[arg-type]


_ALL = ("document_number", "birth_date", "expiry_date", "composite")


DOCUMENTS = {
    "000": _doc("000", "TD3", "UA4820193", "2019-07-08", 10, optional="4471902", ghost="id000_doc"),
    "001": _doc("001", "TD3", "UB1093847", "2022-03-21", 10),
    "003": _doc("003", "TD3", "UC7719204", "2020-10-05", 10, optional="ZM18842"),
    "007": _doc("007", "TD3", "UD3350618", "2018-05-17", 10, viz={"again": "UD3350618"}),
    "013": _doc("013", "TD3", "UE9026471", "2023-01-30", 5, optional="990417736", mrz={"document_code": "PE"}),
    "014": _doc("014", "TD1", "IA5582014", "2021-09-13", 10, engraved=True),
    "015": _doc("015", "TD1", "IB2047786", "2023-06-01", 10, optional="R48821"),
    "018": _doc("018", "TD3", "UF6614903", "2017-11-22", 10),
    "025": _doc("025", "TD3", "UG8207135", "2024-04-09", 10),
    "027": _doc("027", "TD1", "IC9131370", "2022-12-15", 5),
    "030": _doc("030", "TD2", "JA4409268", "2020-02-28", 10),
    "031": _doc("031", "TD2", "JB7153082", "2019-08-19", 10, optional="B77"),
    "002-number": _doc("002", "TD3", "UH2907451", "2020-06-23", 10, wrong=("document_number",)),
    "002-early": _doc("002", "TD1", "ID6630927", "2026-07-01", 10, "old"),
    "002-shared": _doc("002", "TD2", "JD5518842", "2021-05-05", 10, "cap"),
    "005-birth": _doc("005", "TD1", "IE4175523", "2022-10-10", 10, wrong=("birth_date",)),
    "005-issue": _doc("005", "TD3", "UI7348110", "2019-02-12", 10, "cap", viz={"issue": "12 FEB 1979"}),
    "005-sun": _doc("005", "TD2", "JE1906374", "2018-09-26", 10, "old", issuing="SUN"),
    "009-expiry": _doc("009", "TD3", "UJ5063928", "2021-12-02", 10, wrong=("expiry_date",)),
    "009-name": _doc("009", "TD1", "IF8842610", "2020-03-16", 10, "old", viz={"primary": "IRIBARREN"}),
    "009-wsa": _doc("009", "TD3", "WS0047712", "2019-04-25", 10, "doc~z", issuing="WSA"),
    "009-good": _doc("009", "TD2", "JF3371905", "2022-08-08", 10, "doc~m"),
    "022-optional": _doc("022", "TD3", "UK9410285", "2023-03-03", 10, optional="ZE184226B", wrong=("optional_data",)),
    "022-shared": _doc("022", "TD2", "JD5518842", "2020-11-18", 10, "doc~z"),
    "022-portrait": _doc("022", "TD3", "UL3702846", "2021-07-07", 10, "doc~m"),
    "022B-portrait": _doc("022B", "TD3", "UM6185039", "2022-01-19", 10, "doc~m"),
    "035-composite": _doc("035", "TD2", "JG2295617", "2019-10-30", 10, wrong=("composite",)),
    "035-number": _doc("035", "TD3", "UN4839071", "2020-08-14", 10, "doc~m", viz={"number": "UN4889071"}),
    "035-listed": _doc("035", "TD3", "UO7751364", "2018-12-06", 10, "doc~z"),
    "036-expired": _doc("036", "TD3", "UP1628490", "2015-05-29", 10),
    "036-date": _doc("036", "TD2", "JH8504273", "2022-02-22", 10, "doc~m", viz={"birth": "18 JAN 1988"}),
    "036-other": _doc(
        "036", "TD1", "IG3917745", "2023-09-09", 10, "doc~z", viz={"number": "IG5206681", "birth": "27 OCT 1979"}
    ),
    "008": _doc("008", "TD1", "IH5260891", "2021-03-24", 10),
    "019": _doc("019", "TD3", "UQ8093156", "2020-01-15", 10),
    "032": _doc("032", "TD2", "JI6749320", "2019-06-11", 10),
    "038": _doc("038", "TD3", "UR2418763", "2022-05-31", 10),
    "004": _doc("004", "TD3", "US7036412", "2021-11-08", 10),
    "028": _doc("028", "TD3", "UT1584097", "2019-09-02", 10),
    "006": _doc("006", "TD3", "UU9267530", "2023-02-20", 10),
    "012": _doc("012", "TD1", "II4028816", "2020-07-27", 10),
    "021": _doc("021", "TD3", "UV6375148", "2022-06-18", 10),
    "010": _doc("010", "TD3", "UW8811027", "2024-01-25", 10, "old"),
    "020": _doc("020", "TD3", "UX3549162", "2018-10-31", 10),
    "039": _doc("039", "TD3", "UY5902738", "2021-04-12", 10),
    "011A": _doc("011A", "TD3", "UZ2160459", "2020-09-21", 10),
    "011B": _doc("011B", "TD2", "JK7483206", "2023-11-29", 10, "old"),
    # Cards of which only the back, with the MRZ, is handed over.
    "digits": _doc("b1", "TD1", "IK1184520", "2021-02-15", 10, wrong=_ALL),
    "lookalike": _doc("b2", "TD1", "IK2046178", "2022-05-09", 10, retouch=(0, 13, "3")),
    "letter": _doc("b3", "TD1", "IK4071936", "2020-07-01", 10, retouch=(1, 1, "O")),
    "code": _doc("b4", "TD1", "IK5520917", "2019-11-11", 10, mrz={"document_code": "P"}),
    "stranger": _doc("b5", "TD1", "IK6093382", "2023-08-21", 10, mrz={"nationality": "WSA"}),
    "dates": _doc("b6", "TD1", "IK7715046", "2019-02-28", 10, mrz={"birth_date": "871332", "expiry_date": "290231"}),
    "aged": _doc("b7", "TD1", "IK8268413", "2018-04-03", 10),
    "unborn": _doc("b8", "TD1", "IK9042275", "1999-05-01", 5),
    "endless": _doc("b9", "TD1", "IL1390658", "2025-05-01", 25),
    "fillers": _doc("b10", "TD1", "IL2651830", "2022-09-30", 10, retouch=(2, 0, "CHIRWA<<<MPHATSO")),
    "long": _doc("b11", "TD1", "IL3874014", "2021-06-14", 10, retouch=(0, 14, "<")),
    "licence": _doc("b12", "TD1", "IL4917206", "2024-03-20", 10),
    # Pages whose zone, print and chip disagree.
    "emergency": _doc("p1", "TD3", "UB4405711", "2021-04-15", 10, mrz={"document_code": "PE"}, viz={"sex": "M"}),
    "foreign": _doc(
        "p2",
        "TD3",
        "UB4405712",
        "2022-02-10",
        10,
        optional="7730164",
        mrz={"nationality": "NOR"},
        viz={"personal": "7780164"},
    ),
    "child": _doc("p3", "TD3", "UB4405713", "2025-09-01", 10, viz={"again": "UB4402713"}),
    "cutoff": _doc(
        "p4",
        "TD2",
        "JK2908341",
        "2020-11-05",
        10,
        retouch=(1, 9, "<"),
        mrz={"primary_identifier": "BJARNADOT"},
        viz={"issue": "21 AUG 2020"},
    ),
    "misfiled": _doc("p5", "TD3", "UB6618402", "2022-07-12", 10),
    "ghost": _doc("009", "TD3", "UC5173906", "2023-05-12", 10, "side", ghost="id034_doc"),
    "substituted": _doc("009", "TD3", "UC6280417", "2024-02-19", 10, "old"),
    "visited": _doc("002", "TD3", "UC7391528", "2021-10-04", 10, "side"),
}
