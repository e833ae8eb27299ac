// log of float64 for x ≥ 1, bit for bit that of musl (S. Nagy 2018), which is AssemblyScript's `log`. That one reads two
// tables of 2 kB, more than a third of the binary when it is compressed; here they are made from one of 512 bytes.

// x = 2^k · z with z in [0.6875, 1.375), in 128 intervals. Each has a c near its middle that was chosen so that log c is
// almost exactly a multiple of 2^-43. Stored is how far 1/c is from 1/middle, in units of the last place.
const chosen: usize = memory.data<i32>([
  -23142382, -57643754, -234334839, -124664804, 19045012, -123323398, -501163255, 342479926, -234593306, 57421184,
  513617488, -240891478, 85169741, 28659150, 284053799, 342563057, -68420459, -346144712, -90113766, -464022980,
  285342708, -489548825, 376054848, 47397812, -423637851, -260988534, 336107021, 448241578, 154177355, 447893384,
  241227555, -420636714, -218426730, -96876684, -205835218, -368178198, -345128710, -510284502, 481763731, 209336112,
  429336310, 15489329, 442353177, -417834330, 73183371, 515232680, 507984536, 83787275, 330409952, 151596684,
  377744204, 198302857, 214798271, -345957716, 356163107, 215510022, -229897960, -131709726, 215213618, -464519207,
  -332821996, 385780520, -400344786, 256208139, 478356527, 345720337, 128466877, 217515751, -162048343, 295127580,
  -235892775, -69369347, 93666841, -272860130, 91915174, 29018059, 258893229, 386009280, -241633007, 68399381,
  386341370, 408940642, 65060217, -120872168, 189498853, -32395328, -49955913, 154042178, -346113480, 148348366,
  -396488327, -427431396, 107119491, -500798201, 212184347, 305888811, -330297730, -91422864, 6707636, 273897542,
  -512931067, -500150233, 485589437, -280752730, 106848032, 30953893, -291342514, -408884927, 149302919, -107851081,
  225432558, 460497078, -452391632, -490679353, 508304210, 493208081, 336502878, 526975298, -457361038, -312310462,
  -365194252, -421357131, 362015322, 310793228, -441535439, -69145545, -528727990, 433364383,
]);

// @ts-ignore: decorator
@inline const INTERVALS: i32 = 128;
// @ts-ignore: decorator
@inline const FIRST: u64 = 0x3fe6000000000000; // 0.6875
// @ts-ignore: decorator
@inline const WIDTH_BITS: u64 = 45;

/** For each interval 1/c, log c, and c itself as the sum of two float64. */
const table: usize = memory.data(INTERVALS * 32, 16);

function fill(): void {
  for (let i = 0; i < INTERVALS; i++) {
    const middle = reinterpret<f64>(FIRST + ((2 * <u64>i + 1) << (WIDTH_BITS - 1)));
    const inverse = reinterpret<f64>(reinterpret<i64>(1 / middle) + load<i32>(chosen + ((<usize>i) << 2)));
    const c = 1 / inverse;
    const entry = table + ((<usize>i) << 5);
    store<f64>(entry, inverse);
    store<f64>(entry, minusLog(inverse), 8);
    store<f64>(entry, c, 16);
    store<f64>(entry, remainder(c, inverse) / inverse, 24);
  }
}

/** −log x as a multiple of 2^-43, for x near 1: the series of 2·artanh((1 − x) / (1 + x)). */
function minusLog(x: f64): f64 {
  const s = (1 - x) / (1 + x);
  let p: f64 = 0;
  for (let k: f64 = 23; k > 1; k -= 2) p = (p + 1 / k) * (s * s);
  return nearest<f64>(2 * (s + s * p) * 8796093022208) / 8796093022208;
}

/** 1 − a·b, exactly, where a·b is next to 1: products of halves of the digits are exact. */
function remainder(a: f64, b: f64): f64 {
  const aHigh = upper(a);
  const bHigh = upper(b);
  const aLow = a - aHigh;
  const bLow = b - bHigh;
  return 1 - aHigh * bHigh - aHigh * bLow - aLow * bHigh - aLow * bLow;
}

/** The first 26 bits of x. */
// @ts-ignore: decorator
@inline
function upper(x: f64): f64 {
  return reinterpret<f64>(reinterpret<u64>(x) & 0xfffffffff8000000);
}

fill();

/** log x for x ≥ 1, within 0.52 ulp; ∞ and NaN stay what they are. */
export function log(x: f64): f64 {
  if (x < 1.064697265625) return logNearOne(x - 1);
  if (x - x != 0) return x;
  const bits = reinterpret<u64>(x);
  const past = bits - FIRST;
  const k = <f64>(<i64>past >> 52);
  const z = reinterpret<f64>(bits - (past & 0xfff0000000000000));
  const entry = table + ((<usize>(past >> WIDTH_BITS) & (INTERVALS - 1)) << 5);
  // log x = k·ln 2 + log c + log(1 + r), where r = z/c − 1. The greatest terms are added as the sum of two float64.
  const r = (z - load<f64>(entry, 16) - load<f64>(entry, 24)) * load<f64>(entry);
  const r2 = r * r;
  const whole = k * 0.6931471805598903 + load<f64>(entry, 8);
  const high = whole + r;
  const low = whole - high + r + k * 5.497923018708371e-14;
  const p = 0.33333333331825593 + r * -0.2499999999622955 + r2 * (0.20000304511814496 + r * -0.16667054827627667);
  return low + r2 * -0.5000000000000001 + r * r2 * p + high;
}

/** log(1 + r) for r in [0, 0.0647): r − r²/2 as the sum of two float64, and a polynomial. */
function logNearOne(r: f64): f64 {
  const r2 = r * r;
  const r3 = r2 * r;
  const p2 = 0.11110712032936046 + r * -0.10000486757818193 + r2 * 0.09181994006195467 + r3 * -0.08328363062289341;
  const p1 = -0.16666666669929706 + r * 0.14285715076560868 + r2 * -0.12499997863982555 + r3 * p2;
  const p = 0.3333333333333352 + r * -0.24999999999998432 + r2 * 0.19999999999320328 + r3 * p1;
  const large = r * 134217728;
  const rHigh = r + large - large;
  const rLow = r - rHigh;
  const half = rHigh * rHigh * -0.5;
  const high = r + half;
  const low = r - high + half + -0.5 * rLow * (rHigh + r);
  return r3 * p + low + high;
}
