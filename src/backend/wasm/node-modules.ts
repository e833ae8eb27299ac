// The modules of Node that an engine may use. They are not imported, so that bundles for browsers do not ask for them.

/** A module of Node; undefined in a browser, and in versions of Node that are too old to be asked. */
export function nodeModule<N extends 'fs' | 'module' | 'os' | 'v8' | 'worker_threads'>(
  name: N,
): ReturnType<typeof process.getBuiltinModule<N>> | undefined {
  return globalThis.process?.getBuiltinModule?.(name);
}
