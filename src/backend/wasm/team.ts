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

type Kernel = (...args: number[]) => void;

/** How an operation is divided. */
interface Division {
  /** Where its sizes are among its arguments, from `at` up to `end`: rows, depth and columns, or a number of weights. The last is divided. */
  at: number;
  end: number;
  /** Where each part packs an Aᵀ for itself, whose rows are far apart: the argument that says how many there are. */
  transposedAt?: number;
  /** Describes the job of an operation with these arguments, by parts of this width. */
  put(args: number[], width: number): void;
}

/** Divides the large operations of a core among threads, which it starts. */
export class Team {
  readonly #words: Int32Array;
  readonly #job: Float64Array;
  readonly #own = new Float64Array(16);
  readonly #kernels: Kernel[];
  readonly #end: (() => void)[];
  readonly #always: boolean;
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
    this.#always = always;
    this.#kernels = names.map((name) => alone[name] as Kernel);
    const words = (core.allocate(4 * WORDS + 63) + 63) & ~63;
    const job = core.allocate(8 * JOB_LENGTH);
    this.#words = new Int32Array(memory.buffer, words, WORDS);
    this.#job = new Float64Array(memory.buffer, job, JOB_LENGTH);
    this.#end = Array.from({ length: threads - 1 }, () => {
      const workspace = core.allocateWorkspace();
      const setup: Setup = { modules, memory, words, job, workspace, kernels: names, places, milliseconds: 0.2 };
      return startThread(setup, onError);
    });
    const divisions: Record<string, Division> = {
      matmul: this.#product(false, false),
      matmulTN: { ...this.#product(true, false), transposedAt: 3 },
      matmulNT: this.#product(false, true),
      dense: this.#layer(names.indexOf('denseColumns'), 4, 1),
      denseGradients: { ...this.#layer(names.indexOf('gradientColumns'), 5, 3), transposedAt: 6 },
    };
    for (const [name, arrays] of Object.entries(updates)) {
      const kernel = names.indexOf(name as keyof Core);
      const put = (args: number[], width: number) => this.#put(kernel, arrays, arrays, width, args);
      divisions[name] = { at: arrays, end: arrays + 1, put };
    }
    const large = Object.entries(divisions).map(([name, division]) => {
      return [name, this.#shared(alone[name as keyof Divided], division)];
    });
    Object.assign(core, divided(alone, Object.fromEntries(large)));
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
  #product(transposedA: boolean, transposedB: boolean): Division {
    const put = ([c, a, b, m, k, n]: number[], width: number) => {
      const [rsa, csa] = transposedA ? [4, 4 * m] : [4 * k, 4];
      const [rsb, csb] = transposedB ? [4, 4 * k] : [4 * n, 4];
      this.#put(0, 10, 1, width, [c, 4 * n, a, rsa, csa, b, rsb, csb, m, k, n, 0]);
      this.#job[25] = width * csb;
    };
    return { at: 3, end: 6, put };
  }

  /**
   * What a dense layer computes, by panels of columns as well, so that each thread goes on with what it has in its cache. It takes so
   * many `arrays`, of which that at `inputAt` is the same for all parts.
   */
  #layer(kernel: number, arrays: number, inputAt: number): Division {
    const put = (args: number[], width: number) => {
      // Parts put their own columns before those of all.
      const own = [...args.slice(0, arrays + 3), ...args.slice(arrays + 2)];
      this.#put(kernel, arrays + 2, arrays, width, own);
      this.#job[20 + inputAt] = 0;
    };
    return { at: arrays, end: arrays + 3, put };
  }

  /**
   * Describes an operation for all threads: its arguments, of which each part begins `width` numbers later in the first `arrays`; at
   * `lengthAt` it has a length of its own.
   */
  #put(kernel: number, lengthAt: number, arrays: number, width: number, args: readonly number[]): void {
    const job = this.#job;
    job[0] = kernel;
    job[1] = lengthAt;
    job.set(args, 4);
    job.fill(0, 20);
    job.fill(4 * width, 20, 20 + arrays);
  }

  /** The operation as it is `alone`, or together, whichever is faster for its size. */
  #shared(alone: Kernel, { at, end, transposedAt, put }: Division): Kernel {
    const isProduct = end - at === 3;
    const leastLarge = isProduct ? LARGE_PRODUCT : LARGE_UPDATE;
    const unit = isProduct ? PANEL : LINE;
    const choices = new Map<number, Choice>();
    return (...args) => {
      const { count } = this;
      if (count === 1) return alone(...args);
      let work = 1;
      let size = 0;
      for (let i = at; i < end; i++) {
        work *= args[i];
        size = size * 131_071 + args[i];
      }
      const known = choices.get(size);
      const choice = known ?? new Choice(this.#always);
      if (!known) choices.set(size, choice);
      const isLarge = work >= leastLarge;
      const start = this.#begin(choice, isLarge);
      if (choice.shared) {
        const several = isProduct && isLarge && !(transposedAt !== undefined && args[transposedAt] > 512);
        const parts = Math.min(several ? 2 * count : count, MOST_PARTS);
        const width = unit * Math.ceil(args[end - 1] / unit / parts);
        put(args, width);
        this.#run(args[end - 1], width);
      } else alone(...args);
      choice.end(start);
    };
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
