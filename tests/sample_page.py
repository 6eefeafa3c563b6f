"""A page as the shell makes it, with one of everything that pages hold; written to a file for the browser."""

import pathlib

import jinja2

from analysis.show import shell
from analysis.show.figure import render
from tests import charts

TITLE = "Revenue gap"
OWN_SCRIPT = 'document.documentElement.dataset.own = "ran";'
SECTIONS = {
    "summary": "In short",
    "growth": "Growth of others",
    "value": "What the price implies",
    "foot": "Foot",
}
META = {
    "title": TITLE,
    "scenario_title": "As reported",
    "description": "How far is revenue from spending?",
    "index_href": "index.html",
    "comparison_href": "scenario_comparison.html",
    "pages": [
        {"title": "Cost breakdown", "href": "cost.html", "current": False},
        {"title": TITLE, "href": "page.html", "current": True},
        {"title": "Strategic options", "href": "options.html", "current": False},
    ],
    "scenarios": [
        {"title": "As reported", "href": "page.html", "current": True},
        {"title": "Critics", "href": "critics.html", "current": False},
    ],
    "preview": "page.png",
    "preview_alt": "Cash falls to zero around March 2026.",
    "url": "https://example.org/page.html",
    "citation": "A. Author: Revenue gap. Version 2.0.0.",
    "authors": ["A. Author"],
    "publisher": "Burn report",
    "published": "2026-11-25",
    "date": "2026-08-23",
    "version": "2.0.0",
    "keywords": ["xAI", "cash burn"],
    "data": [{"title": "Results", "href": "results.json", "type": "application/json"}],
}
BODY = jinja2.Template("""
{% macro marker(id, first=false) %}<a class="marker"{% if first %} id="use-{{ id }}"{% endif %} href="#{{ id }}">[{{ id }}]</a>{% endmacro %}
<div class="burn mathjax_ignore"><div class="page-head"><p class="kicker">Scenario: As reported</p><h1>Revenue gap</h1>
<p class="verdict">On June’s figures the cash ends around March 2026. It never came to that: $10bn arrived in June, $20bn in January.</p></div>
{{ figures.fan }}
<section class="summary" aria-labelledby="summary"><h2 id="summary">In short</h2><ol>
{% for number in range(1, 6) %}<li>Of each dollar spent, sales bring in less than two cents. {{ marker("E38", loop.first) }}{{ marker("A12", loop.first) }}</li>{% endfor %}
</ol><p class="key">Ranges hold nine of ten simulations.</p></section></div>
<details class="code"><summary>Code</summary><pre>page.head()</pre></details>
<div class="burn"><h2 id="growth">How fast would it have to grow?</h2><p>Some words that explain what is seen here. {{ marker("E38") }}</p></div>
<details class="code"><summary>Note</summary><p>A note for analysts.</p></details>
<details class="frame"><summary>Frame</summary><div class="scroll" role="region" aria-label="Frame" tabindex="0">
<table><thead><tr>{% for n in range(9) %}<th scope="col">column {{ n }}</th>{% endfor %}</tr></thead>
<tbody><tr>{% for n in range(9) %}<td class="num">{{ n }}000,000</td>{% endfor %}</tr></tbody></table></div></details>
<div class="burn">{{ figures.rows }}{{ figures.growth }}</div>
<div class="burn"><h2 id="value">What does the price imply?</h2>{{ figures.heat }}
<div class="scroll" role="region" aria-label="Published figures" tabindex="0"><table class="rows"><caption>Published figures</caption>
<thead><tr><th scope="col">Figure</th><th scope="col">What is counted</th><th scope="col" class="num">Amount</th><th scope="col">Source</th></tr></thead>
<tbody>{% for n in range(3) %}<tr><th scope="row">Cash spent {{ n }}</th><td data-label="What is counted">xAI without X, nine months of the year</td>
<td class="num" data-label="Amount">$7.8bn</td><td class="source" data-label="Source"><a href="https://example.org/">Daily</a>, 2026-01-09
<span class="grade grade-b">grade B</span></td></tr>{% endfor %}</tbody></table></div></div>
<details class="appendix" id="appendix"><summary>Appendix</summary><h2 id="evidence">Evidence</h2>
<ul class="sources">{% for id in ids %}<li id="{{ id }}"><b>{{ id }}</b> <span class="value num">$7.8bn</span> <span class="what">Cash spent in nine months</span>
<span class="source"><a href="https://example.org/{{ id }}">Daily</a>, 2026-01-09, <span class="grade grade-a">grade A</span></span>
{% if id in ("E38", "A12") %}<a class="back" href="#use-{{ id }}">back</a>{% endif %}</li>{% endfor %}</ul></details>
<div class="page-foot"><h2 id="foot">Make this page again</h2><pre class="command"><code>burn-report build as_reported</code></pre>
<dl><dt>Version</dt><dd>2.0.0</dd></dl></div>
""")


def html() -> str:
    """Return the page."""
    figures = {}
    for number, (key, found) in enumerate(charts.FIGURES.items(), 1):
        words = {
            "title": f"Finding {key}", "unit": "Millions of US dollars a month", "note": "A note.",
            "alt": "It falls.", "source": "Daily, 2026",
        }  # fmt: skip
        figures[key] = render(found, charts.FRAMES[key], words, key, number, f"as_reported-page-{key}.csv")
    ids = [f"E{number}" for number in range(1, 60)] + ["A12"]
    contents = [{"id": key, "title": title} for key, title in SECTIONS.items()]
    return shell.render(META, BODY.render(figures=figures, ids=ids), contents, [OWN_SCRIPT])


def write(folder: pathlib.Path) -> pathlib.Path:
    """Write the page and those it links to into `folder`; return its path."""
    for name in ("page", "critics"):
        (folder / f"{name}.html").write_text(html(), encoding="utf-8")
    return folder / "page.html"
