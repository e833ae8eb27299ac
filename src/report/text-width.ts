// Text widths without a canvas, so that layouts are the same in Node and in every browser.

// Advance widths of Arimo Regular, in thousandths of the font size. What is not listed counts as DEFAULT.
const WIDTHS: readonly [width: number, characters: string][] = [
  [191, "'"],
  [222, 'ijl'],
  [278, ' !,./:;I[\\]ft'],
  [333, '()-`r{|}'],
  [389, '"*'],
  [500, 'Jcksvxyz^'],
  [584, '+<=>~'],
  [611, 'FTZ'],
  [667, '&ABEKPSVXY'],
  [722, 'CDHNRUw'],
  [778, 'GOQ'],
  [833, 'Mm'],
  [889, '%'],
  [944, 'W'],
  [1000, '…—'],
  [1015, '@'],
];
const DEFAULT = 556;
const IDEOGRAPH = 1000;
const FIRST_IDEOGRAPH = 0x2e80;
const BOLD = 1.08;

const widthOf = new Map(WIDTHS.flatMap(([width, characters]) => [...characters].map((c) => [c, width] as const)));

/** What this needs of a Vega text item. */
interface TextItem {
  fontSize?: number;
  fontWeight?: string | number;
  limit?: number;
}

/** Width of `text` in pixels, drawn as `item`, never more than the item's limit. Has the form of Vega's `textMetrics.width`. */
export function textWidth(item: TextItem, text: unknown): number {
  let thousandths = 0;
  for (const character of String(text ?? '')) {
    thousandths +=
      widthOf.get(character) ?? ((character.codePointAt(0) as number) < FIRST_IDEOGRAPH ? DEFAULT : IDEOGRAPH);
  }
  const bold = item.fontWeight === 'bold' || Number(item.fontWeight) >= 600;
  const width = (thousandths / 1000) * (item.fontSize ?? 11) * (bold ? BOLD : 1);
  return item.limit ? Math.min(width, item.limit) : width;
}
