// The frame of every page: one HTML document that needs nothing else, no network and no scripts.
import { escapeHtml } from './escape.ts';
import { pageStyle } from './page-style.ts';

/** A document with `title` (plain text) and `main` (HTML). */
export function htmlPage(title: string, main: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<style>${pageStyle}</style>
</head>
<body>
<main>
${main}
</main>
</body>
</html>
`;
}
