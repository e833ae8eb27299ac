// The arithmetic limits of the machine as cases: fused multiply-adds, and separate multiplications and additions.
import { readFileSync } from 'node:fs';
import type { CaseDefinition } from './case.ts';

const ROUNDS = 5000;
const FLOP_PER_ROUND = 96; // 12 chains of 4 lanes, a multiplication and an addition each

const binary = (name: 'relaxed' | 'simd') => readFileSync(new URL(`./peak-${name}.wasm`, import.meta.url));

function peakCase(name: string, binaryName: 'relaxed' | 'simd'): CaseDefinition {
  return {
    name,
    open() {
      const { exports } = new WebAssembly.Instance(new WebAssembly.Module(binary(binaryName)), {});
      const { chains } = exports as { chains(rounds: number): void };
      return { work: ROUNDS * FLOP_PER_ROUND, unit: 'flop', run: () => chains(ROUNDS), close() {} };
    },
  };
}

/** What this host can run; the first one is P, which fractions refer to. */
export function peakCases(): CaseDefinition[] {
  const fused = WebAssembly.validate(binary('relaxed')) ? [peakCase('fused multiply-add', 'relaxed')] : [];
  return [...fused, peakCase('mul + add', 'simd')];
}
