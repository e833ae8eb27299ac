// The modules of Node that an engine may use. They are not imported, so that bundles for browsers do not ask for them.
import type { Setup } from './thread.ts';

interface NodeModules {
  fs: { readFileSync(path: string): Uint8Array<ArrayBuffer> };
  module: { createRequire(url: string): { resolve(name: string): string } };
  os: { availableParallelism(): number };
  v8: { setFlagsFromString(flag: string): void };
  worker_threads: {
    Worker: new (
      code: string,
      options: { eval: true; execArgv: string[]; workerData: Setup },
    ) => {
      on(event: 'error', listener: (error: Error) => void): void;
      unref(): void;
      terminate(): void;
    };
  };
}

interface Process {
  env: Record<string, string | undefined>;
  execArgv: string[];
  getBuiltinModule?<N extends keyof NodeModules>(name: N): NodeModules[N];
}

/** Node's; undefined in a browser. */
export const { process } = globalThis as { process?: Process };

/** A module of Node; undefined in a browser. */
export function nodeModule<N extends keyof NodeModules>(name: N): NodeModules[N] | undefined {
  return process?.getBuiltinModule?.(name);
}
