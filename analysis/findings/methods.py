"""Methods and limits, the same on every page. In braces: settings of the run."""

METHODS = (
    "Each uncertain input is a range with a 5th, 50th and 95th percentile. The model is run {draws} times, each time with one "
    "value from every range (scrambled Sobol points), month by month over {horizon} months.",
    "Inputs are drawn independently. If fast growth and lasting growth go together, the true spread is wider than shown.",
    "The claimed burn is read as {basis}: gross means spending, net means spending less revenue. Financing is never part of it.",
    "Figures of different kinds (cash spent, operating loss, capital expenditure) or of different perimeters (xAI alone, xAI with X) "
    "are never added.",
    "No number shows a digit smaller than two of its standard errors, which come from eight independent sets of draws.",
    "Words of probability follow one scale: almost excluded (below 1%), very unlikely (1 to 10%), unlikely (10 to 33%), about as "
    "likely as not (33 to 66%), likely (66 to 90%), very likely (90 to 99%), almost certain (above 99%).",
    "Many published figures go back to one report by one newsroom, and company filings reached this report through third parties. "
    "The claim was made from documents and disputed by the company's head, who gave no figure.",
    "This is an analysis of public figures. It is not investment advice.",
)
