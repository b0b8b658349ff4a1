/** One sheet for screen and paper: page one is A4 for management, everything behind it the appendix. */
export const style = `
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 24px; max-width: 210mm; background: #fff; color: #1a1a1a; font: 13px/1.45 system-ui, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "DejaVu Sans", sans-serif; }
h1 { font-size: 21px; margin: 0; line-height: 1.2; }
h2 { font-size: 14px; margin: 0 0 4px; }
h3 { font-size: 13px; margin: 18px 0 4px; break-after: avoid; }
p { margin: 4px 0; }
header p, .quiet { color: #4a4a4a; }
.patterns { position: absolute; }
.warning { border: 2px solid #1a1a1a; padding: 6px 10px; margin: 8px 0; font-weight: 600; }
.headline { display: flex; gap: 18px; align-items: center; border-top: 3px solid #1a1a1a; border-bottom: 1px solid #1a1a1a; padding: 8px 0; margin: 10px 0; }
.headline .number { font-size: 64px; line-height: 1; font-weight: 700; min-width: 90px; text-align: center; font-variant-numeric: tabular-nums; }
.headline .words { flex: 1; }
.headline strong { font-size: 16px; }
.headline .goal { border: 2px solid #1a1a1a; padding: 6px 12px; text-align: center; }
.headline .goal b { display: block; font-size: 24px; line-height: 1.1; }
.flow { display: grid; grid-template-columns: repeat(6, 1fr); gap: 6px; margin: 8px 0 12px; }
.flow div { border: 1px solid #8a8a8a; padding: 4px 6px; text-align: center; }
.flow b { display: block; font-size: 19px; line-height: 1.2; font-variant-numeric: tabular-nums; }
.flow .end { border: 2px solid #1a1a1a; }
.columns { display: grid; grid-template-columns: 1fr 1fr; gap: 18px; margin: 10px 0; }
.columns.wide { grid-template-columns: 1.45fr 1fr; }
.columns > div > svg { width: 100%; height: auto; display: block; }
.legend { display: flex; flex-wrap: wrap; gap: 2px 14px; margin: 2px 0; font-size: 12px; }
.swatch { vertical-align: -2px; margin-right: 5px; }
.strip { width: 100%; height: auto; display: block; margin: 4px 0; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: 2px 8px 2px 0; border-bottom: 1px solid #c9c9c9; }
th { border-bottom: 1px solid #1a1a1a; font-weight: 600; }
td.number, th.number { text-align: right; white-space: nowrap; }
td small { color: #4a4a4a; }
.name { font-family: ui-monospace, "SFMono-Regular", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 12px; overflow-wrap: anywhere; }
.appendix { margin-top: 32px; border-top: 3px solid #1a1a1a; padding-top: 12px; font-size: 12px; }
.appendix ul { margin: 2px 0 6px; padding-left: 16px; }
.appendix article { border-bottom: 1px solid #c9c9c9; padding: 6px 0; break-inside: avoid-page; }
.appendix article h3 { margin: 0; }
a { color: #0b3d91; overflow-wrap: anywhere; }
@page { size: A4; margin: 12mm; }
@media print {
  body { padding: 0 1px; max-width: none; font-size: 12.5px; }
  .page { break-after: page; }
  .appendix { margin-top: 0; border-top: 0; padding-top: 0; }
  .strip, .columns, table, .headline, .flow { break-inside: avoid; }
  .appendix table { break-inside: auto; }
  tr { break-inside: avoid; }
}
`
