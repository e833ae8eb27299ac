// The allocator of the core: blocks never overlap, are zero at first, and memory that is given back is used again.
import { expect, test } from 'vitest';
import { createEngine, type Tensor } from '../../src/backend/index.ts';
import { EnvironmentError } from '../../src/errors/index.ts';
import { RandomState } from '../../src/random/index.ts';

/** The memory of the engine that `tensor` is in, in bytes. */
const memoryOf = (tensor: Tensor) => tensor.data.buffer.byteLength;

test('blocks of any size are zero, whole vectors, and apart from each other, however they are given back', () => {
  const { backend } = createEngine();
  const random = new RandomState(1);
  const live: { tensor: Tensor; mark: number }[] = [];
  for (let round = 0; round < 20_000; round++) {
    if (live.length > 0 && random.uniform() < (live.length > 60 ? 0.6 : 0.4)) {
      const [{ tensor, mark }] = live.splice(random.randint(0, live.length), 1);
      expect(tensor.data.every((value) => value === mark)).toBe(true);
      backend.free(tensor);
    } else {
      const length = random.uniform() < 0.1 ? random.randint(0, 30_000) : random.randint(0, 70);
      const tensor = backend.float32(length);
      if (!tensor.data.every((value) => value === 0)) expect.fail(`a block of ${length} is not zero`);
      expect(tensor.data.byteOffset % 16).toBe(0);
      tensor.data.fill(round);
      // What kernels leave in the rest of the last vector.
      new Float32Array(tensor.data.buffer, tensor.data.byteOffset, Math.ceil(length / 4) * 4).fill(round);
      live.push({ tensor, mark: round });
    }
  }
  for (const { tensor, mark } of live) expect(tensor.data.every((value) => value === mark)).toBe(true);
});

test.each<[string, (blocks: Tensor[]) => Tensor[]]>([
  ['in their order', (blocks) => blocks],
  ['from the last', (blocks) => blocks.reverse()],
  ['every second one first', (blocks) => [...blocks.filter((_, i) => i % 2), ...blocks.filter((_, i) => i % 2 === 0)]],
])('blocks that are given back %s become one block again', (_, order) => {
  const { backend } = createEngine();
  const sizes = Array.from({ length: 500 }, (_, i) => 100 + ((i * 37) % 900));
  const fill = () => sizes.map((size) => backend.float32(size));
  const [first] = fill();
  const grown = memoryOf(first);
  backend.free(first);
  for (let round = 0; round < 50; round++) {
    const blocks = fill();
    for (const block of order(blocks)) backend.free(block);
  }
  const whole = backend.float32(sizes.reduce((sum, size) => sum + size, 0));
  expect(memoryOf(whole)).toBeLessThanOrEqual(2 * grown);
});

test('an array beyond 1 GiB is refused before its size wraps around', () => {
  const { backend } = createEngine();
  for (const length of [2 ** 28 + 1, 2 ** 30, 2 ** 32]) {
    expect(() => backend.float32(length)).toThrow(EnvironmentError);
    expect(() => backend.float32(length)).toThrow(`${4 * length} bytes more were asked for`);
  }
});
