// Numbers as people read them.

export const percent = (share: number | undefined, digits = 1) =>
  share === undefined ? '–' : `${(100 * share).toFixed(digits)} %`;

/** 12345 as 12,345. */
export const whole = (value: number) => Math.round(value).toLocaleString('en');

/** 0.00002 as it is, not as 2e-5. */
export const plain = (value: number) => value.toLocaleString('en', { maximumSignificantDigits: 6 });

/** A difference of shares in percentage points, with its sign. */
export const points = (difference: number) => {
  const value = (100 * difference).toFixed(1);
  return `${Number(value) > 0 ? '+' : ''}${Number(value) === 0 ? '0.0' : value.replace('-', '−')} pts`;
};
