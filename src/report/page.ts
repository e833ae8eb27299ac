// The frame of every page: one HTML document that needs nothing else, no network and no scripts, in one column, light and
// dark, for screens of any width and for paper.
import { escapeHtml } from './escape.ts';
import { AXIS, GRID, INK, MUTED, UNSEEN } from './look.ts';

/** A document with `title` (plain text) and the parts of its column (HTML). */
export function htmlPage(title: string, ...parts: string[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<style>${pageStyle}</style>
</head>
<body>
<main>
${parts.join('\n')}
</main>
</body>
</html>
`;
}

/** A section with a heading (plain text) and its parts (HTML). */
export const htmlSection = (heading: string, ...parts: string[]): string =>
  `<section>\n<h2>${escapeHtml(heading)}</h2>\n${parts.join('\n')}\n</section>`;

/** A block of code. */
export const htmlCode = (text: string): string => `<pre tabindex="0"><code>${escapeHtml(text)}</code></pre>`;

/** Colours of figures that dark screens replace: those of text, lines and empty ground, but not those of the data. */
const darkColors = {
  '#ffffff': '#1d2024',
  [INK]: '#e6e6e3',
  [MUTED]: '#a3aab3',
  [AXIS]: '#6b727b',
  [GRID]: '#33383f',
  [UNSEEN]: '#2a2e33',
  // Data, too dark to be seen there.
  '#333333': '#d9d9d4',
  '#000000': '#f2f2ee',
  '#882255': '#d06a9c',
};

const darkRules = Object.entries(darkColors).flatMap(([light, dark]) =>
  ['fill', 'stroke'].map((property) => `  .plot [${property}="${light}"] { ${property}: ${dark}; }`),
);

const pageStyle = `
:root {
  --paper: #fdfdfc; --ink: #1f2328; --muted: #59616b; --line: #dcdfe3; --accent: #0b5d94; --code: #f3f4f5;
  --sans: Arimo, "Helvetica Neue", Helvetica, Arial, "Liberation Sans", sans-serif;
  --serif: Charter, "Bitstream Charter", "Iowan Old Style", Georgia, "Liberation Serif", serif;
  --mono: ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root { --paper: #16181b; --ink: #e6e6e3; --muted: #a3aab3; --line: #363b42; --accent: #8ac4ee; --code: #212429; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 17px/1.55 var(--serif); -webkit-text-size-adjust: 100%; }
main { max-width: 940px; margin: 0 auto; padding: 56px 24px 72px; overflow-wrap: anywhere; }
h1 { margin: 0 0 20px; font: 700 40px/1.1 var(--sans); letter-spacing: -0.015em; }
h2 { margin: 56px 0 16px; font: 700 20px/1.3 var(--sans); }
h3 { margin: 32px 0 8px; font: 700 15px/1.4 var(--sans); }
p { max-width: 42em; margin: 0 0 12px; }
.kicker { margin: 0 0 6px; color: var(--muted); font: 14px/1.4 var(--sans); }
.verdict { padding-left: 16px; border-left: 3px solid var(--accent); font-size: 22px; line-height: 1.4; }
.finding, .caveat { padding-left: 19px; }
.caveat { color: var(--muted); font-size: 15px; }
.note, figcaption { color: var(--muted); font-size: 15px; line-height: 1.5; }
.wide { overflow-x: auto; }
table { overflow-wrap: normal; width: 100%; margin: 0 0 12px; border-collapse: collapse; font: 14px/1.4 var(--sans); font-variant-numeric: tabular-nums; }
th, td { padding: 8px 0 8px 12px; text-align: right; white-space: nowrap; }
th:first-child { padding-left: 0; }
th:first-child, th:nth-child(2), .text { text-align: left; }
th { font-weight: 400; }
thead th { border-bottom: 1px solid var(--ink); color: var(--muted); vertical-align: bottom; white-space: normal; }
tbody th, td { border-bottom: 1px solid var(--line); }
.text { min-width: 8em; color: var(--muted); font-size: 13px; white-space: normal; }
.marked th, .marked td:nth-child(3) { font-weight: 700; }
.marked small { color: var(--accent); font-size: 12px; }
figure { margin: 0 0 44px; break-inside: avoid; }
.plot { padding: 16px; border: 1px solid var(--line); border-radius: 6px; background: #fff; }
.plot > div { margin: 0 auto; }
/* Where the page's font is another than the one that text was measured in, labels may be wider. */
.plot svg { display: block; width: 100%; height: auto; overflow: visible; }
figcaption { max-width: 46em; margin-top: 10px; }
figcaption b { color: var(--ink); font-family: var(--sans); font-size: 14px; }
dl { margin: 0; font-size: 16px; }
dl div { display: flex; gap: 16px; padding: 7px 0; border-bottom: 1px solid var(--line); }
dt { flex: 0 0 100px; color: var(--muted); font: 14px/1.7 var(--sans); }
dd { margin: 0; }
code { font: 0.86em/1.5 var(--mono); }
pre { margin: 0 0 16px; padding: 12px 16px; overflow-x: auto; border-radius: 6px; background: var(--code); }
pre code { font-size: 14px; }
summary { margin-bottom: 12px; color: var(--accent); font: 15px/1.5 var(--sans); cursor: pointer; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
@media (max-width: 600px) {
  body { font-size: 16px; }
  main { padding: 32px 16px 48px; }
  h1 { font-size: 32px; }
  .verdict { font-size: 19px; }
  .plot { padding: 4px; }
  dl div { display: block; }
}
@media screen and (prefers-color-scheme: dark) {
  .plot { background: ${darkColors['#ffffff']}; }
${darkRules.join('\n')}
  /* Not on the tinted ground of the maps. */
  figure:not(#decision-boundaries) .plot [fill="#0072b2"] { fill: #2f8bd0; }
  figure:not(#decision-boundaries) .plot [stroke="#0072b2"] { stroke: #2f8bd0; }
}
@media print {
  :root { --paper: #fff; --ink: #000; --muted: #444; --line: #ccc; --accent: #000; --code: #f5f5f5; }
  body { font-size: 10.5pt; }
  main { max-width: none; padding: 0; }
  h2 { margin: 28px 0 10px; }
  h3 { margin-top: 20px; }
  h2, h3 { break-after: avoid; }
  .wide, dl div { break-inside: avoid; }
  figure { margin-bottom: 24px; }
  .wide { overflow: visible; }
  .plot { padding: 0; border: 0; }
  .plot > div { min-width: 0 !important; width: 88%; }
  table, .text, .marked small { font-size: 8.5pt; }
  /* Paper does not scroll. */
  th, td { padding-left: 8px; white-space: normal; }
  tbody th { overflow-wrap: anywhere; }
  .text { min-width: 0; }
  pre { white-space: pre-wrap; }
  pre code { font-size: 8.5pt; line-height: 1.35; }
  details::details-content { content-visibility: visible; height: auto; }
}
`;
