// One table of the report as HTML.

export interface TableRow {
  /** HTML; the first heads the row. */
  cells: string[];
  isBest?: boolean;
}

/** The second column holds words, the others numbers. */
export function htmlTable(header: readonly string[], rows: readonly TableRow[]): string {
  return `<table>
<thead><tr>${header.map((text) => `<th scope="col">${text}</th>`).join('')}</tr></thead>
<tbody>
${rows.map(htmlRow).join('\n')}
</tbody>
</table>`;
}

function htmlRow({ cells: [first, second, ...others], isBest }: TableRow): string {
  const numbers = others.map((cell) => `<td>${cell}</td>`).join('');
  return `<tr${isBest ? ' class="best"' : ''}><th scope="row">${first}</th><td class="text">${second}</td>${numbers}</tr>`;
}
