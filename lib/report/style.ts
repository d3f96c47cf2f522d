/** The report's whole style sheet: no font, picture or script comes from outside. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #ffffff; --surface: #f5f7f9; --line: #d5dce3; --text: #1a2027; --muted: #55606c;
  --accent: #0b5fad; --accent-soft: #dcebf8;
  --good: #17653d; --good-soft: #e3f2e9;
  --bad: #b3261e; --bad-soft: #fbe6e3;
  --warn: #7a4b00; --warn-soft: #fdf1d8; --warn-line: #d9a036;
  --session: #7b1d17; --code: #eef1f4; --tip: #1a2027; --tip-text: #ffffff;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arial, sans-serif;
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #10151b; --surface: #18202a; --line: #2e3945; --text: #e5ebf1; --muted: #9daab7;
    --accent: #74b6f4; --accent-soft: #17324b;
    --good: #7ad0a0; --good-soft: #14352a;
    --bad: #ff9488; --bad-soft: #43201f;
    --warn: #f1c56c; --warn-soft: #3a2e15; --warn-line: #a57c2a;
    --session: #ffb3aa; --code: #222c37; --tip: #e5ebf1; --tip-text: #10151b;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-behavior: auto; }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.55 var(--sans); }
.page { max-width: 1080px; margin: 0 auto; padding: 28px 24px 64px; }
p, ul { margin: 0 0 14px; max-width: 76ch; overflow-wrap: anywhere; }
a { color: var(--accent); }
code { font: 0.875em/1.45 var(--mono); background: var(--code); border-radius: 4px; padding: 0.1em 0.34em; overflow-wrap: anywhere; -webkit-box-decoration-break: clone; box-decoration-break: clone; }
pre { margin: 0 0 16px; padding: 12px 14px; background: var(--code); border-radius: 8px; overflow-x: auto; font: 14px/1.5 var(--mono); white-space: pre-wrap; overflow-wrap: anywhere; }
pre code { padding: 0; background: none; font: inherit; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.skip { position: absolute; left: -9999px; }
.skip:focus { position: static; }

header { margin-bottom: 20px; }
.overline { margin: 0 0 10px; color: var(--muted); font-size: 14px; }
h1 { display: flex; align-items: flex-start; gap: 12px; margin: 0; font-size: 30px; line-height: 1.22; letter-spacing: -0.012em; font-weight: 650; text-wrap: balance; }
h1 svg { flex: none; width: 34px; height: 34px; margin-top: 2px; }
h1 .word { display: block; font-size: 15px; line-height: 1.4; letter-spacing: 0; font-weight: 650; }
.tone-good { --tone: var(--good); } .tone-bad { --tone: var(--bad); } .tone-open { --tone: var(--warn); }
h1 .word { color: var(--tone); }
h1 .disc { fill: var(--tone); } h1 .sign { fill: none; stroke: var(--page); stroke-width: 2.6; stroke-linecap: round; stroke-linejoin: round; }
nav { margin: 0 0 22px; padding: 9px 0; border-top: 1px solid var(--line); border-bottom: 1px solid var(--line); font-size: 14px; }
nav ul { display: flex; flex-wrap: wrap; gap: 2px 18px; margin: 0; padding: 0; list-style: none; max-width: none; }
nav a { text-decoration: none; } nav a:hover { text-decoration: underline; }

.tiles { display: grid; grid-template-columns: repeat(4, 1fr); gap: 12px; margin: 0 0 22px; }
.tile { padding: 13px 15px 12px; background: var(--surface); border: 1px solid var(--line); border-radius: 10px; }
.tile dt { color: var(--muted); font-size: 13.5px; }
.tile dd { margin: 0; font-size: 14px; line-height: 1.4; }
.tile .value { margin: 1px 0 3px; font-size: 25px; line-height: 1.25; font-weight: 650; letter-spacing: -0.01em; font-variant-numeric: tabular-nums; }

section { margin: 34px 0 0; }
h2 { margin: 0 0 10px; font-size: 20px; line-height: 1.3; letter-spacing: -0.005em; font-weight: 650; }
h3 { margin: 22px 0 8px; font-size: 16px; font-weight: 650; }
.notice { max-width: none; padding: 10px 14px; margin: 0 0 14px; background: var(--warn-soft); border: 1px solid var(--warn-line); border-left-width: 5px; border-radius: 6px; }
.notice.bad { background: var(--bad-soft); border-color: var(--bad); }
.notice code { background: none; padding: 0; }

.table { margin: 0 0 18px; overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: 14.5px; line-height: 1.45; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding: 0 0 6px; color: var(--muted); font-size: 14px; }
th, td { padding: 6px 14px 6px 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); overflow-wrap: break-word; }
th:last-child, td:last-child { padding-right: 0; }
thead th { color: var(--muted); font-weight: 600; font-size: 13px; border-bottom-color: var(--muted); overflow-wrap: normal; }
.end { text-align: right; white-space: nowrap; overflow-wrap: normal; }
.brief { white-space: nowrap; }
tbody th { font-weight: inherit; }
tbody th code { overflow-wrap: break-word; }
dl.facts { display: grid; grid-template-columns: minmax(130px, max-content) 1fr; margin: 0 0 18px; font-size: 15px; }
dl.facts dt, dl.facts dd { margin: 0; padding: 5px 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
dl.facts dt { padding-right: 22px; color: var(--muted); }
.mark { display: inline-flex; align-items: baseline; gap: 6px; white-space: nowrap; font-weight: 600; color: var(--muted); }
.mark svg { flex: none; align-self: center; width: 15px; height: 15px; fill: none; stroke: currentColor; stroke-width: 2.2; stroke-linecap: round; stroke-linejoin: round; }
.mark.good { color: var(--good); } .mark.bad { color: var(--bad); } .mark.open { color: var(--warn); }
footer { margin-top: 44px; padding-top: 12px; border-top: 1px solid var(--line); color: var(--muted); font-size: 14px; }

figure { margin: 0 0 20px; padding: 16px 18px 10px; border: 1px solid var(--line); border-radius: 10px; }
figure svg { display: block; width: 100%; height: auto; overflow: visible; }
figure .narrow { display: none; }
figure .view:not(.view-1) { display: none; }
figure:has(#zoom-3:checked) .view, figure:has(#zoom-10:checked) .view { display: none; }
figure:has(#zoom-3:checked) .view-3, figure:has(#zoom-10:checked) .view-10 { display: block; }
.zoom { display: flex; gap: 4px 16px; margin: -4px 0 10px; padding: 0; border: 0; font-size: 14px; }
.zoom legend { float: left; padding: 0 16px 0 0; color: var(--muted); }
.zoom label { display: inline-flex; align-items: center; gap: 5px; white-space: nowrap; cursor: pointer; }
.zoom input { margin: 0; width: 16px; height: 16px; accent-color: var(--accent); }
.places { margin: 0 0 8px; font-size: 14px; color: var(--muted); } .places a { margin-right: 12px; }
.scroll { overflow-x: auto; } .scroll svg { width: auto; max-width: none; overflow: hidden; }
@supports not selector(:has(a)) { .zoom { display: none; } }
figcaption { margin-top: 8px; color: var(--muted); font-size: 13.5px; }
svg text { font: 13px var(--sans); fill: var(--text); font-variant-numeric: tabular-nums; }
svg .panel-title { font-size: 15px; font-weight: 650; }
svg .panel-note, svg .tick-label, svg .break-label { fill: var(--muted); font-size: 12px; }
svg .lane-name { fill: var(--muted); }
svg .mark-label, svg .zone { font-size: 12px; }
svg .lane-name, svg .mark-label, svg .flag, svg .break-label, svg .rto-label, svg .panel-title { paint-order: stroke; stroke: var(--page); stroke-width: 3.5px; stroke-linejoin: round; }
svg .mark-label.code { font-weight: 600; fill: var(--session); }
svg .base, svg .tick { stroke: var(--muted); stroke-width: 1; }
svg .break { fill: none; stroke: var(--muted); stroke-width: 1.5; }
svg .tint { opacity: 0.5; } svg .tint.kept { fill: var(--accent-soft); } svg .tint.given-up { fill: var(--warn-soft); } svg .tint.damaged { fill: var(--bad-soft); }
svg .ribbon { fill: none; stroke-width: 1.2; } svg .ribbon.kept { stroke: var(--accent); } svg .ribbon.given-up { stroke: var(--warn-line); } svg .ribbon.damaged { stroke: var(--bad); }
svg .hatch { opacity: 0.45; } svg .hatch-given-up { fill: var(--warn-line); } svg .hatch-damaged { fill: var(--bad); }
svg .zone { font-weight: 600; paint-order: stroke; stroke: var(--page); stroke-width: 4px; stroke-linejoin: round; }
svg .effect { opacity: 0.38; }
svg .flag { font-weight: 600; }
svg .flag.restore { fill: var(--accent); } svg .flag.damage, svg .flag.trap { fill: var(--bad); }
svg .flag-line { stroke-width: 1.5; } svg .flag-line.restore { stroke: var(--accent); stroke-width: 2.5; } svg .flag-line.damage { stroke: var(--bad); } svg .flag-line.trap { stroke: var(--bad); stroke-dasharray: 5 4; }
svg .session, svg .statement { fill: var(--session); } svg .statement { stroke: var(--page); stroke-width: 1.5; } svg .session-end { stroke: var(--session); stroke-width: 3; }
svg .writes.given-up, svg .writes-arrow.given-up { fill: var(--warn-line); } svg .writes.damaged, svg .writes-arrow.damaged { fill: var(--bad); }
svg .lag { stroke: var(--text); stroke-width: 1.6; stroke-dasharray: 2 3; } svg .lag-start { stroke: var(--text); stroke-width: 1.6; } svg .lag-head { fill: var(--text); }
svg .step-cross { fill: none; stroke: var(--bad); stroke-width: 2.4; stroke-linecap: round; }
svg .link { fill: var(--line); opacity: 0.42; }
svg .rto { stroke: var(--accent); stroke-width: 2; } svg .rto-tint { fill: var(--accent-soft); opacity: 0.45; } svg .rto-label { font-weight: 650; fill: var(--accent); }
svg .step { fill: var(--muted); opacity: 0.75; } svg .step.recovery { fill: var(--accent); opacity: 1; } svg .step.failed, svg .step.interrupted { fill: var(--bad); opacity: 1; }
svg .step.running { fill: none; stroke: var(--bad); stroke-width: 1.5; stroke-dasharray: 5 4; opacity: 1; } svg .step.people { fill: var(--accent-soft); stroke: var(--accent); stroke-width: 1.2; }
svg .target { stroke: var(--text); stroke-width: 1.4; stroke-dasharray: 5 4; }
svg .area { fill: transparent; stroke: none; }
svg .hit { outline: none; } svg .hit:focus-visible .area { stroke: var(--accent); stroke-width: 2; }
svg .hit:hover .area { stroke: var(--muted); stroke-width: 1; stroke-dasharray: 2 2; }
svg .tip { visibility: hidden; pointer-events: none; } svg .hit:hover .tip, svg .hit:focus .tip { visibility: visible; }
svg .tip-box { fill: var(--tip); } svg .tip text { fill: var(--tip-text); stroke: none; font-size: 12px; } svg .tip .tip-title { font-weight: 650; font-size: 13px; }

@media (max-width: 860px) { .tiles { grid-template-columns: repeat(2, 1fr); } }
@media (max-width: 640px) {
  .page { padding: 18px 16px 48px; }
  h1 { font-size: 23px; } h1 svg { width: 28px; height: 28px; }
  .tiles { gap: 8px; } .tile { padding: 10px 11px; } .tile .value { font-size: 20px; }
  figure { padding: 12px 10px 8px; }
  figure .wide { display: none; } figure .narrow { display: block; }
  .compact table { font-size: 13.5px; } .compact th, .compact td { padding-right: 9px; }
  .table:not(.compact) :is(table, tbody, tr, td, tbody th, caption) { display: block; } .table:not(.compact) thead { position: absolute; left: -9999px; }
  .table:not(.compact) tr { padding: 8px 0; border-bottom: 1px solid var(--line); }
  .table:not(.compact) :is(td, tbody th) { display: grid; grid-template-columns: 104px 1fr; gap: 10px; padding: 2px 0; border: 0; text-align: left; white-space: normal; }
  .table:not(.compact) :is(td, tbody th)::before { content: attr(data-label); color: var(--muted); font-size: 13px; }
  .table:not(.compact) :is(td, tbody th):not([data-label]) { grid-template-columns: 1fr; font-weight: 650; }
  .table:not(.compact) :is(td, tbody th):not([data-label])::before { content: none; }
  .table:not(.compact) tbody th { grid-template-columns: 1fr; font-weight: 650; }
  .table:not(.compact) tbody th::before { content: none; }
  .table:not(.compact) :is(td, tbody th).empty { display: none; }
  dl.facts { display: block; } dl.facts dt { padding: 7px 0 0; border: 0; font-size: 13.5px; } dl.facts dd { padding-top: 0; }
}
@media (forced-colors: active) { svg .area { fill: none; } .tile, figure, .notice { border-color: CanvasText; } }
@media print {
  :root { color-scheme: light;
    --page: #ffffff; --surface: #ffffff; --line: #b9c2cb; --text: #000000; --muted: #3c454e;
    --accent: #0b4f91; --accent-soft: #dcebf8; --good: #17653d; --bad: #a3211a; --bad-soft: #fbe6e3;
    --warn: #6a4100; --warn-soft: #fdf1d8; --warn-line: #c08a22; --session: #7b1d17; --code: #eef1f4; }
  @page { margin: 12mm; }
  body { font-size: 9.5pt; line-height: 1.45; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  .page { max-width: none; padding: 0; } nav, .skip { display: none; }
  h1 { font-size: 18pt; } h2 { font-size: 12.5pt; break-after: avoid; } h3, caption { break-after: avoid; }
  section { margin-top: 16px; } header { margin-bottom: 12px; } .tiles { margin-bottom: 12px; } .tile { padding: 7px 10px; } .tile dt, .tile dd, figcaption { font-size: 8.5pt; } .on-screen { display: none; } tr, .notice, .tile, figure, pre { break-inside: avoid; } thead { display: table-header-group; }
  .tiles { grid-template-columns: repeat(4, 1fr); } .tile .value { font-size: 14pt; }
  figure .view { display: none !important; } figure .view-1 { display: block !important; }
  table, dl.facts, caption { font-size: 8.8pt; } th, td { padding-top: 4px; padding-bottom: 4px; } .tip { display: none; }
  thead th { font-size: 8.2pt; } pre { padding: 6px 10px; font-size: 8.5pt; }
  a { color: inherit; text-decoration: none; }
}
`;
