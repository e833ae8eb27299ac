// Copies a block of B into panels of NR columns, so that the microkernel reads it in one ascending sweep.
import { loadNext } from '../kernels/tail';
import { MR, NR } from './blocking';

/** Packs b (depth × columns, strides in bytes) into `panels`; the last panel is padded with zeros. */
export function packB(panels: usize, b: usize, rsb: usize, csb: usize, depth: i32, columns: i32): void {
  for (let j = 0; j < columns; j += NR) {
    const width = min(NR, columns - j);
    if (width == NR && csb == 4) copyPanel(panels, b, rsb, depth);
    else if (NR == 8 && csb == 4) padPanel(panels, b, rsb, depth, width);
    else if (width == NR && rsb == 4) transposePanel(panels, b, csb, depth);
    else gatherPanel(panels, b, rsb, csb, depth, width);
    panels += <usize>depth * (4 * NR);
    b += <usize>NR * csb;
  }
}

/** A full panel of a B whose rows are contiguous. */
function copyPanel(panel: usize, b: usize, rsb: usize, depth: i32): void {
  for (let p = 0; p < depth; p++) {
    v128.store(panel, v128.load(b));
    v128.store(panel, v128.load(b, 16), 16);
    if (NR == 16) {
      v128.store(panel, v128.load(b, 32), 32);
      v128.store(panel, v128.load(b, 48), 48);
    }
    panel += 4 * NR;
    b += rsb;
  }
}

/** A full panel of a B whose columns are contiguous (a transposed matrix): 4 × 4 blocks, turned in registers. */
function transposePanel(panel: usize, b: usize, csb: usize, depth: i32): void {
  for (; depth > 3; depth -= 4) {
    transpose4(panel, b, csb, 4);
    transpose4(panel + 16, b + 4 * csb, csb, 4);
    if (NR == 16) {
      transpose4(panel + 32, b + 8 * csb, csb, 4);
      transpose4(panel + 48, b + 12 * csb, csb, 4);
    }
    panel += 16 * NR;
    b += 16;
  }
  for (let j = 0; depth > 0 && j < NR; j += 4) {
    transpose4(panel, b, csb, depth);
    panel += 16;
    b += 4 * csb;
  }
}

/** Four columns of b, or the `left` elements that are left of each, as rows of the panel. */
// @ts-ignore: decorator
@inline
function transpose4(panel: usize, b: usize, csb: usize, left: i32): void {
  const x0 = loadZero(b, left);
  const x1 = loadZero(b + csb, left);
  const x2 = loadZero(b + 2 * csb, left);
  const x3 = loadZero(b + 3 * csb, left);
  const y0 = v128.shuffle<f32>(x0, x1, 0, 4, 1, 5);
  const y1 = v128.shuffle<f32>(x2, x3, 0, 4, 1, 5);
  const y2 = v128.shuffle<f32>(x0, x1, 2, 6, 3, 7);
  const y3 = v128.shuffle<f32>(x2, x3, 2, 6, 3, 7);
  v128.store(panel, v128.shuffle<f32>(y0, y1, 0, 1, 4, 5));
  if (left > 1) v128.store(panel + 4 * NR, v128.shuffle<f32>(y0, y1, 2, 3, 6, 7));
  if (left > 2) v128.store(panel + 8 * NR, v128.shuffle<f32>(y2, y3, 0, 1, 4, 5));
  if (left > 3) v128.store(panel + 12 * NR, v128.shuffle<f32>(y2, y3, 2, 3, 6, 7));
}

/** Less than a panel of 8 columns of a B whose rows are contiguous. */
function padPanel(panel: usize, b: usize, rsb: usize, depth: i32, width: i32): void {
  for (let p = 0; p < depth; p++) {
    v128.store(panel, loadZero(b, width));
    v128.store(panel, width > 4 ? loadNext(b + 16, width - 4) : f32x4.splat(0), 16);
    panel += 4 * NR;
    b += rsb;
  }
}

/** The next four floats, or the `left` ones and zeros; the two of a layer with two outputs at once. */
// @ts-ignore: decorator
@inline
function loadZero(address: usize, left: i32): v128 {
  return left == 2 ? v128.load64_zero(address) : loadNext(address, left);
}

/** Any panel, element by element. */
function gatherPanel(panel: usize, b: usize, rsb: usize, csb: usize, depth: i32, width: i32): void {
  for (let p = 0; p < depth; p++) {
    for (let j = 0; j < NR; j++) {
      store<f32>(panel + ((<usize>j) << 2), j < width ? load<f32>(b + <usize>j * csb) : 0);
    }
    panel += 4 * NR;
    b += rsb;
  }
}

/** Packs a (rows × depth, strides in bytes) into panels of MR rows, interleaved; the last panel repeats its last row. */
export function packA(panels: usize, a: usize, rsa: usize, csa: usize, rows: i32, depth: i32): void {
  const whole = rsa == 4 ? rows - rows % MR : 0;
  if (whole > 0) copyPanels(panels, a, csa, whole, depth);
  panels += <usize>whole * (4 * depth);
  a += <usize>whole * rsa;
  for (let i = whole; i < rows; i += MR) {
    const height = min(MR, rows - i);
    for (let p = 0; p < depth; p++) {
      let x = a + <usize>p * csa;
      for (let r = 0; r < MR; r++) {
        store<f32>(panels + ((<usize>r) << 2), load<f32>(x));
        if (r + 1 < height) x += rsa;
      }
      panels += 4 * MR;
    }
    a += <usize>MR * rsa;
  }
}

/** Full panels of an A whose columns are contiguous. Each is read once from end to end, since they are far apart. */
function copyPanels(panels: usize, a: usize, csa: usize, rows: i32, depth: i32): void {
  for (let p = 0; p < depth; p++) {
    let x = a;
    let panel = panels;
    for (let i = 0; i < rows; i += MR) {
      v128.store(panel, v128.load(x));
      if (MR == 6) store<u64>(panel, load<u64>(x, 16), 16);
      x += 4 * MR;
      panel += <usize>depth * (4 * MR);
    }
    panels += 4 * MR;
    a += csa;
  }
}
