// The colors of drawings. Classes and variants have those of Okabe and Ito, which color-blind people can tell apart.

export type Rgb = readonly [red: number, green: number, blue: number];

/** Of classes; the first two are the ones that are mixed in a field of two classes. */
const classColors: readonly Rgb[] = [
  [0, 102, 190],
  [224, 112, 0],
  [0, 140, 105],
  [190, 85, 150],
  [70, 160, 215],
  [150, 130, 0],
  [120, 90, 200],
  [110, 110, 110],
];

export const classColor = (index: number): Rgb => classColors[index % classColors.length];

/** Of variants, in order; lines also differ by their dashes. */
const variantColors = ['#5f6b7a', '#0072b2', '#009e73', '#d55e00', '#cc79a7', '#b8860b'];
const variantColorsDark = ['#a4afbd', '#56a8e0', '#2cc498', '#ff8a3d', '#e59ac4', '#e6b422'];
const dashes = [[], [10, 4], [2, 3], [10, 4, 2, 4], [5, 3], [14, 3]];

export const variantColor = (index: number, dark: boolean) =>
  (dark ? variantColorsDark : variantColors)[index % variantColors.length];
export const variantDash = (index: number) => dashes[index % dashes.length];

export const css = ([red, green, blue]: Rgb) => `rgb(${red} ${green} ${blue})`;

/** The color of nothing decided, between the classes. */
export const middle = (dark: boolean): Rgb => (dark ? [24, 28, 36] : [255, 255, 255]);

export function mix(a: Rgb, b: Rgb, share: number): Rgb {
  const part = (i: 0 | 1 | 2) => Math.round(a[i] + (b[i] - a[i]) * share);
  return [part(0), part(1), part(2)];
}
