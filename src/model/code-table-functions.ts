// The functions that exported code reads the rows of a table with. Each computes what the package's own does, in the same order.

/** As `functions` of networks: the source of each. */
export const tableFunctions = {
  cellOf: `// The value of a row in a column; null where it is missing.
function cellOf(row, name) {
  if (!Object.hasOwn(row, name)) throw new TypeError(\`The row has no '\${name}'.\`);
  const cell = typeof row[name] === 'string' ? row[name].trim() : row[name];
  return cell === undefined || Number.isNaN(cell) || missingValues.has(String(cell)) ? null : cell;
}`,
  readNumber: `function readNumber(row, name) {
  const cell = cellOf(row, name);
  if (cell === null) return NaN;
  const isNumber = typeof cell !== 'string' || /^[+-]?(?=\\.?\\d)\\d*(?:\\.\\d*)?(?:e[+-]?\\d+)?$/i.test(cell);
  if (isNumber && Number.isFinite(Number(cell))) return Number(cell);
  throw new TypeError(\`The '\${name}' of a row must be a finite number. Got \${cell}.\`);
}`,
  readBoolean: `function readBoolean(row, name) {
  const cell = cellOf(row, name);
  if (cell === null) return NaN;
  const text = String(cell).toLowerCase();
  if (text === 'true' || text === '1') return 1;
  if (text === 'false' || text === '0') return 0;
  throw new TypeError(\`The '\${name}' of a row must be true or false. Got \${cell}.\`);
}`,
  readDate: `// A Date, or an ISO 8601 text, in UTC where it names no time zone, as days since 1970.
function readDate(row, name) {
  const cell = cellOf(row, name);
  if (cell === null) return NaN;
  let time = NaN;
  if (cell instanceof Date) time = cell.getTime();
  else if (/^\\d{4}-\\d\\d-\\d\\d(?:[T ]\\d\\d:\\d\\d(?::\\d\\d(?:\\.\\d{1,9})?)?(?:Z|[+-]\\d\\d:?\\d\\d)?)?$/.test(cell)) {
    const [day, clock = '00:00'] = cell.split(/[T ]/);
    const zoned = /(?:Z|[+-]\\d\\d:?\\d\\d)$/.test(clock) ? clock : \`\${clock}Z\`;
    const [year, month, date] = day.split('-').map(Number);
    const isDay = date <= new Date(Date.UTC(year, month, 0)).getUTCDate();
    if (isDay) time = Date.parse(\`\${day}T\${zoned.replace(/([+-]\\d\\d)(\\d\\d)$/, '$1:$2')}\`);
  }
  if (!Number.isNaN(time)) return time / 86400000;
  throw new TypeError(\`The '\${name}' of a row must be a date. Got \${cell}.\`);
}`,
  readText: `function readText(row, name) {
  const cell = cellOf(row, name);
  return cell === null ? null : cell instanceof Date ? cell.toISOString() : String(cell);
}`,
  select: `function select(x, positions) {
  return positions.map((j) => x[j]);
}`,
  standardize: `function standardize(x, center, scale) {
  return x.map((value, j) => (value - center[j]) / scale[j]);
}`,
  mapToRange: `function mapToRange(x, scale, min) {
  return x.map((value, j) => value * scale[j] + min[j]);
}`,
  clip: `function clip(x, low, high) {
  return x.map((value) => Math.min(high, Math.max(low, value)));
}`,
  smoothClip: `// Standardized values z as z / √(1 + (z / limit)²), which stay within ±limit.
function smoothClip(x, center, scale, limit) {
  return x.map((value, j) => {
    const z = Math.max(-1e150 * limit, Math.min((value - center[j]) / scale[j], 1e150 * limit));
    return z / Math.sqrt(1 + (z / limit) * (z / limit));
  });
}`,
  asinh: `// Standardized values z as width · asinh(z / width): z near 0, logarithms far from it.
function asinh(x, center, scale, width) {
  return x.map((value, j) => {
    const z = (value - center[j]) / scale[j] / width;
    const size = Math.min(Math.abs(z), 1e150);
    return Math.sign(z) * width * log(size + Math.sqrt(size * size + 1));
  });
}`,
  impute: `// Missing values replaced, columns without a value left out, and 1 or 0 for those columns that are marked.
function impute(x, values, marked, marker) {
  const isMissing = (value) => (marker === null ? value === null || Number.isNaN(value) : value === marker);
  const filled = x.map((value, j) => (isMissing(value) ? values[j] : value));
  return [...filled.filter((_, j) => values[j] !== null), ...marked.map((j) => Number(isMissing(x[j])))];
}`,
  indexOf: `// The index of a category; that of others is the number of categories, where they are allowed.
function indexOf(value, categories, allowed) {
  const index = categories.indexOf(Number.isNaN(value) ? null : value);
  if (index < 0 && !allowed) throw new RangeError(\`The category \${value} was not there in training.\`);
  return index < 0 ? categories.length : index;
}`,
  oneHot: `// Columns of 0, and 1 at the place of the category.
function oneHot(x, columns) {
  return x.flatMap((value, j) => {
    const { categories, places, width } = columns[j];
    const place = places[indexOf(value, categories, places.length > categories.length)];
    return Array.from({ length: width }, (_, k) => Number(k === place));
  });
}`,
  ordinal: `// The code of the category.
function ordinal(x, columns) {
  return x.map((value, j) => {
    const { categories, codes } = columns[j];
    return codes[indexOf(value, categories, codes.length > categories.length)];
  });
}`,
  log: `// The natural logarithm, from basic operations alone, because that of the host may differ in the last bit.
const logSeries = Array.from({ length: 11 }, (_, i) => 2 / (2 * i + 3));
function log(x) {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return x;
  const view = new DataView(new ArrayBuffer(8));
  const isSubnormal = x < 2 ** -1022;
  view.setFloat64(0, isSubnormal ? x * 2 ** 54 : x);
  let k = (view.getUint32(0) >>> 20) - 1023 - (isSubnormal ? 54 : 0);
  view.setUint32(0, (view.getUint32(0) & 0xfffff) | 0x3ff00000);
  let m = view.getFloat64(0); // x = 2^k m, log m = 2 atanh(s)
  if (m > Math.SQRT2) {
    m *= 0.5;
    k += 1;
  }
  const denominator = m + 1;
  const s = (m - 1) / denominator;
  const product = s * denominator;
  const low = m - 1 - product - productError(s, denominator, product) - s * (m - (denominator - 1));
  const z = s * s;
  const rest = s * z * logSeries.reduceRight((sum, coefficient) => sum * z + coefficient) + 2 * (low / denominator) * (1 + z);
  const scaled = k * 0.6931471805598903;
  const sum = scaled + 2 * s;
  return sum + (2 * s - (sum - scaled) + (rest + k * 5.497923018708371e-14));
}`,
  power: `// The powers of Box and Cox, of positive values, and those of Yeo and Johnson, of 1 + |x|.
function power(x, lambdas, method) {
  const logarithm = (x) => (1 + x === 1 ? x : (log(1 + x) * x) / (1 + x - 1)); // of 1 + x
  const raised = (y, lambda) => (Math.abs(lambda) < Number.EPSILON ? y : (exp(lambda * y) - 1) / lambda);
  return x.map((value, j) => {
    if (method === 'box-cox') return raised(log(value), lambdas[j]);
    return value < 0 ? -raised(logarithm(-value), 2 - lambdas[j]) : raised(logarithm(value), lambdas[j]);
  });
}`,
  ranks: `// The share of the training values below each value, interpolated between the quantiles next to it.
function ranks(x, quantiles, bound) {
  return x.map((value, c) => {
    const own = quantiles[c];
    const last = own.length - 1;
    if (Number.isNaN(value)) return value;
    if (value - bound < own[0] || value <= own[0] || (bound === 0 && last === 0)) return 0;
    if (value + bound > own[last] || value >= own[last]) return 1;
    const rank = (i) => (last === 0 ? 0 : i === last ? 1 : i * (1 / last));
    const between = (k, from, to) => {
      if (own[k] === value) return rank(from);
      return rank(from) + ((rank(to) - rank(from)) / (own[to] - own[from])) * (value - own[from]);
    };
    const j = own.findIndex((quantile) => quantile >= value);
    const i = own.findLastIndex((quantile) => quantile <= value);
    return 0.5 * (between(i, i, i + 1) + between(j, j, j - 1));
  });
}`,
  normalQuantiles: `// The values below which shares of the normal distribution lie: algorithm AS 241.
function normalQuantiles(shares, { center, tail, far }, greatest) {
  const at = (coefficients, x) => coefficients.reduceRight((sum, c) => sum * x + c, 0);
  const ratio = ([numerator, denominator], x) => at(numerator, x) / at(denominator, x);
  const quantile = (p) => {
    const q = p - 0.5;
    if (Math.abs(q) <= 0.425) return q * ratio(center, 0.180625 - q * q);
    const rest = q < 0 ? p : 1 - p;
    if (rest <= 0) return q * Infinity;
    const r = Math.sqrt(-log(rest));
    return Math.sign(q) * (r <= 5 ? ratio(tail, r - 1.6) : ratio(far, r - 5));
  };
  return shares.map((p) => (Number.isNaN(p) ? p : Math.min(greatest, Math.max(-greatest, quantile(p)))));
}`,
};
