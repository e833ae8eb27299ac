// Text in the cells of a terminal, where a Chinese character takes two.
import stringWidth from 'string-width';

const segmenter = new Intl.Segmenter();

/** The beginning of `line` that fits into `cells`. */
export function clip(line: string, cells: number): string {
  let fitting = '';
  let width = 0;
  for (const { segment } of segmenter.segment(line)) {
    width += stringWidth(segment);
    if (width > cells) break;
    fitting += segment;
  }
  return fitting;
}

/** One line for each row, its cells padded to columns of equal width: the first to the left, the others, numbers, to the right. */
export function align(rows: readonly string[][]): string[] {
  const widths = rows[0].map((_, j) => rows.reduce((width, row) => Math.max(width, stringWidth(row[j])), 0));
  const line = (row: string[]) =>
    row.map((cell, j) => {
      const padding = ' '.repeat(widths[j] - stringWidth(cell));
      return j === 0 ? cell + padding : padding + cell;
    });
  return rows.map((row) => line(row).join('  '));
}
