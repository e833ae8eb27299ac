// Numbers beside linear functions of waves of them, forward and backward.
import { cosine, sine } from './cosine';
import { loadNext, storeNext } from './tail';

/** t without its whole turns. */
// @ts-ignore: decorator
@inline
function turn(x: v128, frequencies: usize, phases: usize, left: i32): v128 {
  const t = f32x4.add(f32x4.mul(x, loadNext(frequencies, left)), loadNext(phases, left));
  return f32x4.sub(t, f32x4.nearest(t));
}

/** The sum of the four lanes. */
// @ts-ignore: decorator
@inline
function sum(v: v128): f32 {
  return (
    f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3))
  );
}

/**
 * y (rows, features · outputs + rest) for x (rows, features + rest). Of each of the first `features`, y has the number itself and outputs − 1
 * of waves · kernelᵀ + bias, where waves (terms) = cos 2π(frequencies · x + phases), then the rest as it is. frequencies and phases are (features,
 * terms), kernel (features, outputs − 1, terms), bias (features, outputs − 1).
 */
export function periodicEmbedding(
  y: usize, x: usize, waves: usize, frequencies: usize, phases: usize, kernel: usize, bias: usize, rows: i32, features: i32,
  rest: i32, terms: i32, outputs: i32,
): void {
  const xStride = (<usize>(features + rest)) << 2;
  const yStride = (<usize>(features * outputs + rest)) << 2;
  const termBytes = (<usize>terms) << 2;
  for (let j = 0; j < features; j++) {
    let from = x + ((<usize>j) << 2);
    let to = y + ((<usize>(j * outputs)) << 2);
    for (let i = 0; i < rows; i++) {
      const value = load<f32>(from);
      store<f32>(to, value);
      const v = f32x4.splat(value);
      for (let c = 0; c < terms; c += 4) {
        const at = (<usize>c) << 2;
        v128.store(waves + at, cosine(turn(v, frequencies + at, phases + at, terms - c)));
      }
      let w = kernel;
      for (let k = 1; k < outputs; k++) {
        let total = f32x4.splat(0);
        for (let c = 0; c < terms; c += 4) {
          const at = (<usize>c) << 2;
          // Beyond the last term the kernel is 0.
          total = f32x4.add(total, f32x4.mul(v128.load(waves + at), loadNext(w + at, terms - c)));
        }
        const own = (<usize>k) << 2;
        store<f32>(to + own, sum(total) + load<f32>(bias + own - 4));
        w += termBytes;
      }
      from += xStride;
      to += yStride;
    }
    frequencies += termBytes;
    phases += termBytes;
    kernel += termBytes * (outputs - 1);
    bias += (<usize>(outputs - 1)) << 2;
  }
  const restBytes = (<usize>rest) << 2;
  for (let i = 0; i < rows; i++) {
    memory.copy(y + yStride * i + yStride - restBytes, x + xStride * i + xStride - restBytes, restBytes);
  }
}

/** The gradients of what `periodicEmbedding` reads, for dy (rows, features · outputs + rest). */
export function periodicEmbeddingBackward(
  dx: usize, dFrequencies: usize, dPhases: usize, dKernel: usize, dBias: usize, dy: usize, x: usize,
  frequencies: usize, phases: usize, kernel: usize, rows: i32, features: i32, rest: i32, terms: i32, outputs: i32,
): void {
  const xStride = (<usize>(features + rest)) << 2;
  const yStride = (<usize>(features * outputs + rest)) << 2;
  const termBytes = (<usize>terms) << 2;
  const kernelBytes = termBytes * (outputs - 1);
  const biasBytes = (<usize>(outputs - 1)) << 2;
  memory.fill(dFrequencies, 0, termBytes * features);
  memory.fill(dPhases, 0, termBytes * features);
  memory.fill(dKernel, 0, kernelBytes * features);
  memory.fill(dBias, 0, biasBytes * features);
  const perTurn = f32x4.splat(<f32>-6.283185307179586);
  for (let j = 0; j < features; j++) {
    let from = x + ((<usize>j) << 2);
    let into = dx + ((<usize>j) << 2);
    let given = dy + ((<usize>(j * outputs)) << 2);
    for (let i = 0; i < rows; i++) {
      const v = f32x4.splat(load<f32>(from));
      let total = f32x4.splat(0);
      for (let c = 0; c < terms; c += 4) {
        const at = (<usize>c) << 2;
        const left = terms - c;
        const t = turn(v, frequencies + at, phases + at, left);
        const wave = cosine(t);
        let slope = f32x4.splat(0);
        let w = at;
        for (let k = 1; k < outputs; k++) {
          const d = f32x4.splat(load<f32>(given + ((<usize>k) << 2)));
          slope = f32x4.add(slope, f32x4.mul(d, loadNext(kernel + w, left)));
          storeNext(dKernel + w, f32x4.add(loadNext(dKernel + w, left), f32x4.mul(d, wave)), left);
          w += termBytes;
        }
        slope = f32x4.mul(slope, f32x4.mul(perTurn, sine(t)));
        storeNext(dPhases + at, f32x4.add(loadNext(dPhases + at, left), slope), left);
        storeNext(dFrequencies + at, f32x4.add(loadNext(dFrequencies + at, left), f32x4.mul(slope, v)), left);
        total = f32x4.add(total, f32x4.mul(slope, loadNext(frequencies + at, left)));
      }
      for (let k = 1; k < outputs; k++) {
        const own = (<usize>k) << 2;
        store<f32>(dBias + own - 4, load<f32>(dBias + own - 4) + load<f32>(given + own));
      }
      store<f32>(into, load<f32>(given) + sum(total));
      from += xStride;
      into += xStride;
      given += yStride;
    }
    frequencies += termBytes;
    phases += termBytes;
    kernel += kernelBytes;
    dFrequencies += termBytes;
    dPhases += termBytes;
    dKernel += kernelBytes;
    dBias += biasBytes;
  }
  const restBytes = (<usize>rest) << 2;
  for (let i = 0; i < rows; i++) {
    memory.copy(dx + xStride * i + xStride - restBytes, dy + yStride * i + yStride - restBytes, restBytes);
  }
}
