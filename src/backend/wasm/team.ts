// Several threads on one memory: large operations are divided among them. Loaded by engines that are asked for threads.
import type { Core } from './generated/core.ts';
import { type Divided, divided, updates } from './generated/divided.ts';
import { startThread } from './start-thread.ts';
import { JOB_LENGTH, places, runPart, type Setup, WORDS } from './thread.ts';

const { ticket, pending, asleep, awake, ready, failed } = places;

/** A core whose memory is shared, and what further instances of it are made of. */
export interface SharedCore {
  core: Core;
  modules: WebAssembly.Module[];
  memory: WebAssembly.Memory;
}

/** What is worth to wake threads for at once. Large products have two parts for each thread, others one. */
const LARGE_PRODUCT = 4_000_000;
const LARGE_UPDATE = 200_000;
/** Columns of C in a panel, in which products are computed, and elements of a cache line: where parts may begin. */
const PANEL = 8;
const LINE = 16;
const MOST_PARTS = 31;

/** Columns of a part of a product; each packs an Aᵀ (`transposedRows` long) whose rows are far apart for itself. */
function panels(columns: number, work: number, transposedRows: number, threads: number): number {
  const parts = work < LARGE_PRODUCT || transposedRows > 512 ? threads : 2 * threads;
  return PANEL * Math.ceil(columns / PANEL / Math.min(parts, MOST_PARTS));
}

/** Divides the large operations of a core among threads, which it starts. */
export class Team {
  readonly #words: Int32Array;
  readonly #job: Float64Array;
  readonly #own = new Float64Array(16);
  readonly #kernels: ((...args: number[]) => void)[];
  readonly #end: (() => void)[];
  #missed = 0;
  readonly #small = new Alternation();

  /** `always`: operations are divided without asking whether that pays, as tests want it. */
  constructor(
    { core, modules, memory }: SharedCore,
    threads: number,
    onError: (error: unknown) => void,
    always = false,
  ) {
    const alone = { ...core };
    const names = ['gemm', 'denseColumns', 'gradientColumns', ...Object.keys(updates)] as (keyof Core)[];
    this.#kernels = names.map((name) => alone[name] as () => void);
    const words = (core.allocate(4 * WORDS + 63) + 63) & ~63;
    const job = core.allocate(8 * JOB_LENGTH);
    this.#words = new Int32Array(memory.buffer, words, WORDS);
    this.#job = new Float64Array(memory.buffer, job, JOB_LENGTH);
    this.#end = Array.from({ length: threads - 1 }, () => {
      const workspace = core.allocateWorkspace();
      const setup: Setup = { modules, memory, words, job, workspace, kernels: names, places, milliseconds: 0.2 };
      return startThread(setup, onError);
    });
    const large: Divided = {
      matmul: this.#product(alone.matmul, false, false, new Choices(always)),
      matmulTN: this.#product(alone.matmulTN, true, false, new Choices(always)),
      matmulNT: this.#product(alone.matmulNT, false, true, new Choices(always)),
      dense: this.#layer(alone.dense, names.indexOf('denseColumns'), 4, 1, new Choices(always)),
      denseGradients: this.#layer(alone.denseGradients, names.indexOf('gradientColumns'), 5, 3, new Choices(always)),
      ...(Object.fromEntries(
        Object.entries(updates).map(([name, arrays]) => {
          return [name, this.#update(names.indexOf(name as keyof Core), arrays, new Choices(always))];
        }),
      ) as Pick<Divided, keyof typeof updates>),
    };
    Object.assign(core, divided(alone, large));
  }

  /** Threads that compute, the caller's included. */
  get count(): number {
    return 1 + Atomics.load(this.#words, ready);
  }

  /** Ends the threads; the core computes alone from now on. */
  end(): void {
    for (const end of this.#end) end();
    Atomics.store(this.#words, ready, 0);
  }

  /** A product, by panels of columns, whose sums do not depend on where the parts begin. */
  #product(alone: Core['matmul'], transposedA: boolean, transposedB: boolean, choices: Choices): Core['matmul'] {
    return (c, a, b, m, k, n) => {
      const work = m * k * n;
      const { count } = this;
      if (count === 1) return alone(c, a, b, m, k, n);
      const choice = choices.of((m * 131_071 + k) * 131_071 + n);
      const start = this.#begin(choice, work >= LARGE_PRODUCT);
      if (choice.shared) {
        const width = panels(n, work, transposedA ? m : 0, count);
        const job = this.#job;
        const csb = transposedB ? 4 * k : 4;
        job[0] = 0;
        job[1] = 10;
        job[4] = c;
        job[5] = 4 * n;
        job[6] = a;
        job[7] = transposedA ? 4 : 4 * k;
        job[8] = transposedA ? 4 * m : 4;
        job[9] = b;
        job[10] = transposedB ? 4 : 4 * n;
        job[11] = csb;
        job[12] = m;
        job[13] = k;
        job[15] = 0;
        job.fill(0, 20);
        job[20] = 4 * width;
        job[25] = width * csb;
        this.#run(n, width);
      } else alone(c, a, b, m, k, n);
      choice.end(start);
    };
  }

  /**
   * What a dense layer computes, by panels of columns as well, so that each thread goes on with what it has in its cache. `rowsAt` says
   * how many arrays there are before the numbers of rows, inputs and columns, of which that at `inputAt` is the same for all parts.
   */
  #layer(alone: Core['dense'], kernel: number, rowsAt: number, inputAt: number, choices: Choices): Core['dense'] {
    return (a: number, b: number, c: number, d: number, e: number, f: number, g: number, h: number, i: number) => {
      const rows = rowsAt === 4 ? e : f;
      const inputs = rowsAt === 4 ? f : g;
      const columns = rowsAt === 4 ? g : h;
      const work = rows * inputs * columns;
      const { count } = this;
      if (count === 1) return alone(a, b, c, d, e, f, g, h, i);
      const choice = choices.of((rows * 131_071 + inputs) * 131_071 + columns);
      const start = this.#begin(choice, work >= LARGE_PRODUCT);
      if (choice.shared) {
        const width = panels(columns, work, rowsAt === 5 ? inputs : 0, count);
        // Parts put their own columns before those of all.
        this.#put(kernel, rowsAt + 2, rowsAt, width, a, b, c, d, e, f, g, g, h, i, 0, 0, 0);
        this.#job[20 + inputAt] = 0;
        this.#run(columns, width);
      } else alone(a, b, c, d, e, f, g, h, i);
      choice.end(start);
    };
  }

  /** An update of n weights, which are in the first of `arrays` arrays, by ranges of them. */
  #update(kernel: number, arrays: number, choices: Choices) {
    const alone = this.#kernels[kernel];
    // As many arguments as the longest has: a call with a fixed number of them is the fastest.
    return (
      a: number,
      b: number,
      c: number,
      d: number,
      e: number,
      f: number,
      g: number,
      h: number,
      i: number,
      j: number,
      k: number,
      l: number,
      m: number,
    ) => {
      const n = arrays === 4 ? e : arrays === 3 ? d : arrays === 2 ? c : b;
      const { count } = this;
      if (count === 1) return alone(a, b, c, d, e, f, g, h, i, j, k, l, m);
      const choice = choices.of(n);
      const start = this.#begin(choice, n >= LARGE_UPDATE);
      if (choice.shared) {
        const width = LINE * Math.ceil(n / LINE / Math.min(count, MOST_PARTS));
        this.#put(kernel, arrays, arrays, width, a, b, c, d, e, f, g, h, i, j, k, l, m);
        this.#run(n, width);
      } else alone(a, b, c, d, e, f, g, h, i, j, k, l, m);
      choice.end(start);
    };
  }

  /**
   * Describes an operation for all threads: its arguments, of which each part begins `width` numbers later in the first `arrays`; at
   * `lengthAt` it has a length of its own.
   */
  #put(
    kernel: number,
    lengthAt: number,
    arrays: number,
    width: number,
    a: number,
    b: number,
    c: number,
    d: number,
    e: number,
    f: number,
    g: number,
    h: number,
    i: number,
    j: number,
    k: number,
    l: number,
    m: number,
  ): void {
    const job = this.#job;
    job[0] = kernel;
    job[1] = lengthAt;
    job[4] = a;
    job[5] = b;
    job[6] = c;
    job[7] = d;
    job[8] = e;
    job[9] = f;
    job[10] = g;
    job[11] = h;
    job[12] = i;
    job[13] = j;
    job[14] = k;
    job[15] = l;
    job[16] = m;
    job.fill(0, 20);
    job.fill(4 * width, 20, 20 + arrays);
  }

  /** Decides how to compute an operation, and calls threads that sleep; the result is for `choice.end`. */
  #begin(choice: Choice, large: boolean): number {
    const words = this.#words;
    if (!choice.always && !large && !this.#small.next()) {
      choice.shared = false;
      return NOT_TIMED;
    }
    if (!choice.wanted) return choice.begin();
    if (Atomics.load(words, asleep) > 0 && (large || ++this.#missed % 8 === 0)) {
      // First the ticket, so that a thread that is about to sleep does not.
      Atomics.add(words, ticket, 32);
      Atomics.store(words, asleep, 0);
      Atomics.notify(words, ticket);
    }
    if (large || Atomics.load(words, awake) === Atomics.load(words, ready)) return choice.begin();
    choice.shared = choice.always;
    return NOT_TIMED;
  }

  /** Computes the job, of which a part counts `width` and the whole `total`, together with the threads that are awake. */
  #run(total: number, width: number): void {
    const words = this.#words;
    const job = this.#job;
    const parts = Math.ceil(total / width);
    job[2] = width;
    job[3] = total;
    Atomics.store(words, pending, parts);
    Atomics.store(words, ticket, (((Atomics.load(words, ticket) >> 5) + 1) << 5) | parts);
    for (;;) {
      const seen = Atomics.load(words, ticket);
      const left = seen & 31;
      if (left === 0) break;
      if (Atomics.compareExchange(words, ticket, seen, seen - 1) !== seen) continue;
      runPart(this.#kernels, job, this.#own, left - 1);
      Atomics.sub(words, pending, 1);
    }
    this.#wait();
    for (let left = Atomics.exchange(words, failed, 0); left !== 0; left &= left - 1) {
      runPart(this.#kernels, job, this.#own, 31 - Math.clz32(left & -left));
    }
  }

  /** Until the others have finished their parts; a thread that may sleep leaves its processor to them before long. */
  #wait(): void {
    const words = this.#words;
    for (let looks = 0; ; looks++) {
      const left = Atomics.load(words, pending);
      if (left === 0) return;
      if (looks > 5000 && canSleep) Atomics.wait(words, pending, left, 0.05);
    }
  }
}

/** Whether this thread may sleep; that of a page may not. */
const canSleep = (() => {
  try {
    return Boolean(Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1));
  } catch {
    return false;
  }
})();

/** How often operations of one size are computed in a row each way to be compared, and between two comparisons at most. */
const COMPARED = 8;
const NOT_TIMED = -1;
const MOST_BETWEEN = 1024;

/**
 * Whether operations of one size are faster shared: measured at first and again at intervals, as it depends on what else the
 * machine does.
 */
class Choice {
  shared = false;
  readonly always: boolean;
  #pays = false;
  #calls = 0;
  #between = 32;
  readonly #times = new Float64Array(COMPARED);

  constructor(always: boolean) {
    this.always = always;
  }

  /** Whether the operation may be computed together. */
  get wanted(): boolean {
    return this.always || this.#pays || this.#calls < COMPARED;
  }

  /** Decides for an operation. */
  begin(): number {
    const timed = this.#calls < COMPARED;
    this.shared = this.always || (timed ? this.#calls % 2 === 1 : this.#pays);
    return timed ? performance.now() : NOT_TIMED;
  }

  end(start: number): void {
    if (start !== NOT_TIMED) {
      this.#times[this.#calls++] = performance.now() - start;
      if (this.#calls === COMPARED) this.#compare();
    } else if (this.#calls >= COMPARED && ++this.#calls > COMPARED + this.#between) this.#calls = 0;
  }

  #compare(): void {
    // What something else held up counts as four times the least.
    const most = 4 * Math.min(...this.#times);
    let gain = 0;
    this.#times.forEach((time, i) => {
      gain += (i % 2 === 1 ? -1 : 1) * Math.min(time, most);
    });
    const pays = gain > 0;
    this.#between = pays === this.#pays ? Math.min(2 * this.#between, MOST_BETWEEN) : 32;
    this.#pays = pays;
  }
}

/** How many operations are timed together, how many such windows are compared, and how many there are until the next comparison. */
const WINDOW = 256;
const WINDOWS_COMPARED = 6;
const WINDOWS = 96;

/**
 * Whether to share small operations at all: what others have written has to be fetched from their caches, by operations that are
 * not shared and so not timed. So many steps of a training, with everything in them, are compared with as many.
 */
class Alternation {
  #shares = false;
  #pays = false;
  #left = WINDOW;
  #window = 0;
  #since = performance.now();
  /** The shortest window without sharing and with it. */
  #shortest = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];

  /** Whether the next operation may be shared. */
  next(): boolean {
    if (--this.#left === 0) this.#turn();
    return this.#shares;
  }

  #turn(): void {
    const now = performance.now();
    const kind = Number(this.#shares);
    this.#shortest[kind] = Math.min(this.#shortest[kind], now - this.#since);
    this.#window = (this.#window + 1) % WINDOWS;
    if (this.#window === WINDOWS_COMPARED) this.#pays = this.#shortest[1] < 0.98 * this.#shortest[0];
    if (this.#window === 0) this.#shortest.fill(Number.POSITIVE_INFINITY);
    this.#shares = this.#window < WINDOWS_COMPARED ? this.#window % 2 === 1 : this.#pays;
    this.#left = WINDOW;
    this.#since = now;
  }
}

/** The choices for one operation by its size. */
class Choices {
  readonly #bySize = new Map<number, Choice>();
  readonly #always: boolean;

  constructor(always: boolean) {
    this.#always = always;
  }

  of(size: number): Choice {
    const known = this.#bySize.get(size);
    if (known) return known;
    const choice = new Choice(this.#always);
    this.#bySize.set(size, choice);
    return choice;
  }
}
