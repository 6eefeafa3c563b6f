"""The smallest data/ that loads, to break cell by cell: no test that uses it depends on what the real tables say."""

import csv
import io
import pathlib

TABLES = {
    "sources": """\
id,publisher,url
S001,A paper,https://a.example/claim
S002,A lender,https://b.example/memo
S003,A filing,https://c.example/filing
""",
    "evidence": """\
id,entity,perimeter,measure,metric,value_low,value,value_high,unit,period_start,period_end,published,dated_by,\
source,reliability,reliability_detail,grade,roles,note
E001,xAI,xai,monthly_burn_claim,burn,,1000,,usd_m_per_month,2025-06-01,2025-06-30,2025-06-17,origin,\
S001,disputed,,B,definition input,
E002,xAI,xai,revenue,revenue of a quarter,,52,,usd_m,2025-01-01,2025-03-31,2025-06,page,S002,primary,,A,input,
E003,xAI,xai,revenue,revenue of a quarter,,107,,usd_m,2025-07-01,2025-09-30,2025-11-20,page,S003,primary,,A,input,
E004,xAI,xai,cash,cash in hand,4000,,5000,usd_m,,,2025,page,S003,reported,,C,input,
E005,xAI,xai,cash,a page without a date,,1,,usd_m,,,undated,none,S003,reported,,C,context,
""",
    "assumptions": """\
id,name,label,group,low,central,high,unit,domain,minimum,maximum,basis,claims,evidence,derivation,why
A01,monthly_burn_usd_m,Claimed burn,burn,700,1000,1500,usd_m_per_month,positive,0,100000,reported,C02,E001,E001,A reason.
A02,revenue_start_usd_m,Revenue,revenue,15,17.5,20,usd_m_per_month,positive,0,10000,derived,C03,E002,E002 / 3,A reason.
A03,opening_cash_usd_m,Cash,cash,3000,4000,5000,usd_m,positive,0,100000,judgement,,,,A reason.
A04,growth_endurance,Endurance,revenue,0.35,0.6,0.8,share_per_year,share,0.001,1,judgement,,,,A reason.
A05,growth_per_month,Growth,revenue,-0.02,0.1,0.25,per_month,real,-0.5,1,judgement,,,,A reason.
A06,investor_patience,Luck,luck,0.05,0.5,0.95,share,probability,0,0.999999,judgement,,,,A reason.
A07,committed_funding_month,Month of the money,cash,,1,,month,positive,0,240,judgement,,,,A reason.
""",
    "correlations": """\
first,second,correlation,basis,why
monthly_burn_usd_m,opening_cash_usd_m,-0.5,judgement,What is burnt is gone.
growth_per_month,growth_endurance,0.3,judgement,What grows fast grows long.
growth_per_month,monthly_burn_usd_m,0.4,judgement,Growth costs.
""",
    "back_tests": """\
company,as_of,item,known,outcome,note
xAI,2025-06-20,revenue,E001 E002,E003,
""",
    "events": """\
date,what,amount_usd_m,valuation_usd_m,kind,evidence
2025-06-17,The claim is printed,,,claim,E001
2025-07,Money is placed,5000,110000,equity,E002 E003
""",
    "cost_structures": """\
entity,year,category,numerator,denominator,bound,note
xAI,2025,compute,E002+E003,E001,at_least,
""",
}
SENTENCES = (5, 5, 5, 5, 5, 5, 5, 5, 5, 3)
SCENARIOS = {
    "as_reported": """\
title: As reported
world: The claim is taken at its word.
claims: [C02]
weight: 1
overrides: {}
""",
    "critics": """\
title: Critics
world: What the critics fear.
claims: [C02]
weight: 1
overrides:
  monthly_burn_usd_m:
    estimate: [800, 900, 1000]
    basis: estimate
    claims: [C02]
    evidence: [E001]
    why: A reason.
""",
    "hindsight": """\
title: Hindsight
world: What happened.
claims: []
weight: 0
base: critics
settings: {start_month: "2025-10", horizon_months: 36}
overrides:
  revenue_start_usd_m:
    estimate: [33, 36, 39]
    basis: derived
    claims: []
    evidence: [E003]
    derivation: E003 / 3
    why: A third of the quarter.
""",
}


def make(folder: pathlib.Path) -> pathlib.Path:
    """Write the tables and scenarios into `folder`; return it."""
    (folder / "scenarios").mkdir(parents=True)
    for name, text in (TABLES | {"claims": _claims()}).items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    for name, text in SCENARIOS.items():
        (folder / "scenarios" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def _claims() -> str:
    """Return one claim per sentence of the article; two of them bear on an assumption."""
    lines = ["id,paragraph,sentence,topic,kind,statement,assumptions,section,verdict,evidence,note"]
    places = [(p, s) for p, count in enumerate(SENTENCES, 1) for s in range(1, count + 1)]
    bears_on = {2: "monthly_burn_usd_m", 3: "revenue_start_usd_m"}
    for number, (paragraph, sentence) in enumerate(places, 1):
        name = bears_on.get(number, "")
        verdict, evidence = ("supported", "E001") if name else ("not testable", "")
        words = (
            f"cost,causal,Statement {number}.,{name},cost_breakdown#definitions,{verdict},{evidence},A note."
        )
        lines.append(f"C{number:02d},{paragraph},{sentence},{words}")
    return "\n".join(lines) + "\n"


def rows_of(path: pathlib.Path) -> list[list[str]]:
    """Return the rows of a CSV file, the header first."""
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))


def write_rows(path: pathlib.Path, rows: list[list[str]]) -> None:
    """Write the rows of a CSV file."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8")


def set_cell(folder: pathlib.Path, table: str, key: str, column: str, value: str) -> int:
    """Change one cell, found by the first cell of its row; return the row's number as an editor shows it."""
    path = folder / f"{table}.csv"
    rows = rows_of(path)
    number = next(index for index, row in enumerate(rows) if row[0] == key)
    rows[number][rows[0].index(column)] = value
    write_rows(path, rows)
    return number + 1
