"""How the development page looks."""

STYLE = """
:root { color-scheme: light dark; --paper: #fafaf8; --card: #fff; --ink: #1d1d22; --soft: #6b6b76; --line: #e4e4e0;
  --bad: #c8322b; --bad-line: #fdecea; --bad-code: #f9c9c4; --accent: #6d4bc3; --name: #0b6e99; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #141417; --card: #1c1c21; --ink: #e9e9ee; --soft: #9a9aa8; --line: #303038;
    --bad: #ff7b72; --bad-line: #3a1d1f; --bad-code: #74302f; --accent: #b49bf5; --name: #7cc7e8; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.55 system-ui, sans-serif; }
header, main { max-width: 64rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 2rem; }
code, pre, .mono, td, th { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 13px; }
.request { color: var(--soft); margin: 0; overflow-wrap: anywhere; }
.request b { color: var(--bad); }
.kind { color: var(--bad); font-weight: 600; margin: .75rem 0 0; font-size: 1rem; }
h1 { font-size: 1.5rem; line-height: 1.35; margin: .1rem 0 .5rem; white-space: pre-wrap; overflow-wrap: anywhere; }
h2 { font-size: .8rem; letter-spacing: .06em; text-transform: uppercase; color: var(--soft); margin: 2rem 0 .6rem; }
.note { margin: .4rem 0; padding-left: .8rem; border-left: 3px solid var(--accent); white-space: pre-wrap; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; overflow: hidden; margin: .6rem 0; }
.where { padding: .6rem 1rem; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
.opens [data-source] { cursor: pointer; }
.opens [data-source]:hover, .opens [data-source]:focus-visible { text-decoration: underline; text-underline-offset: 3px; }
.where i { color: var(--soft); font-style: normal; }
pre { margin: 0; padding: .6rem 0; overflow: auto; tab-size: 4; line-height: 1.6; }
pre.text { padding: .8rem 1rem; white-space: pre; }
.l { display: block; min-width: max-content; padding: 0 1rem 0 .75rem; border-left: 3px solid transparent; }
.l i { display: inline-block; width: 2.6rem; margin-right: 1rem; text-align: right; color: var(--soft); font-style: normal;
  user-select: none; }
.l.bad { background: var(--bad-line); border-color: var(--bad); }
.l mark { background: var(--bad-code); color: inherit; border-radius: 3px; text-decoration: underline wavy var(--bad);
  text-underline-offset: 3px; }
ol.stack { list-style: none; margin: 0; padding: 0; }
ol.stack li + li { border-top: 1px solid var(--line); }
ol.stack a { display: flex; gap: .8rem; padding: .45rem 1rem; color: inherit; text-decoration: none; align-items: baseline; }
ol.stack a:hover { background: var(--paper); }
ol.stack b { color: var(--accent); font-weight: 600; white-space: nowrap; }
ol.stack code { color: var(--soft); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
ol.stack li:last-child b { color: var(--bad); }
details > summary { cursor: pointer; padding: .55rem 1rem; overflow-wrap: anywhere; }
details[open] > summary { border-bottom: 1px solid var(--line); }
details.library { opacity: .75; }
summary i { color: var(--soft); font-style: normal; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .3rem 1rem; font-weight: 400; }
tr + tr > * { border-top: 1px solid var(--line); }
th { color: var(--name); white-space: nowrap; width: 1%; }
td { overflow-wrap: anywhere; white-space: pre-wrap; }
pre + table { border-top: 1px solid var(--line); }
section.failure { margin-top: 2.5rem; padding-top: .5rem; border-top: 3px double var(--line); }
section.failure h1 { font-size: 1.15rem; }
footer { padding: 2rem 0 3rem; color: var(--soft); font-size: 13px; }
"""
