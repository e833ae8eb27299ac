// The codes of errors: each is one kind of cause. docs/errors.md is made of them; nothing at run time reads them.

/** Every `error.code`, with the class of errors that has it, what it means and what helps. */
export const errorCodes = {
  ERR_PARAMETER: {
    of: 'ParameterError',
    describe: 'An argument or an option breaks its rule, which the message states.',
    remedy: 'Change the value. Tests at the entrance of your program can find it before training starts.',
  },
  ERR_UNKNOWN_OPTION: {
    of: 'ParameterError',
    describe: 'An object of options, hooks or parameters has a key that does not exist; often it is misspelt.',
    remedy: 'Take the name that the message suggests.',
  },
  ERR_UNKNOWN_TYPE: {
    of: 'ParameterError',
    describe: 'JSON names a layer, loss, metric or other kind that no definition is known for.',
    remedy: "Import the module that defines it and extend the catalog, or name it in 'modules'.",
  },
  ERR_SPEC: {
    of: 'ParameterError',
    describe: 'The spec of an experiment is not valid. The message lists what is wrong, each with its path.',
    remedy: 'Correct the spec; `"$schema"` lets editors check it while you write.',
  },
  ERR_FORMAT: {
    of: 'ParameterError',
    describe: 'The content of a file or text is not what its format asks for: CSV, npy, npz, JSON, results.',
    remedy: 'Correct the place that the message names, or write the file again.',
  },
  ERR_CHECKSUM: {
    of: 'ParameterError',
    describe: 'The content of a file is not what its SHA-256, in the spec or in the file, says.',
    remedy: 'Restore the file, or remove the hash from the spec to use what is there.',
  },
  ERR_MODULE: {
    of: 'ParameterError',
    describe: 'A module of yours, a spec or definitions of kinds, cannot be loaded or lacks the expected exports.',
    remedy: "Correct the module; the error's `cause` is what it threw.",
  },
  ERR_STATE: {
    of: 'ParameterError',
    describe: 'An object is not ready for this call: a transformer that is not fitted, a model that is being trained.',
    remedy: 'Make the call before, or await it, as the message says.',
  },
  ERR_NUMERIC: {
    of: 'NumericError',
    describe: 'NaN or Infinity in data, weights or results, or a number that float32 cannot hold.',
    remedy: 'Clean or scale the data at the row and column that the message names.',
  },
  ERR_DIVERGED: {
    of: 'NumericError',
    describe: 'The loss became NaN or Infinity while training.',
    remedy: 'Use a smaller learning rate, scale the inputs, or clip gradients.',
  },
  ERR_DISPOSED: {
    of: 'DisposedError',
    describe: 'A model or an engine was used after its `dispose()`.',
    remedy: 'Make a new one, or dispose of it later.',
  },
  ERR_ENVIRONMENT: {
    of: 'EnvironmentError',
    describe: 'The host lacks what is asked for: WebAssembly SIMD, Web Workers, Node, a way to read files.',
    remedy: 'Use what the message names instead, such as the backend `js`.',
  },
  ERR_MEMORY: {
    of: 'EnvironmentError',
    describe: 'There is not enough memory.',
    remedy: 'Use fewer samples, smaller batches or networks; dispose of models that are no longer needed.',
  },
  ERR_PACKAGE_MISSING: {
    of: 'EnvironmentError',
    describe:
      'An optional package is not installed: for PNG files, for specs in TypeScript on old versions of Node, for a queue.',
    remedy: 'Run the `npm install` that the message gives.',
  },
  ERR_FETCH: {
    of: 'EnvironmentError',
    describe: 'What is at an address could not be fetched or written: the compute core, or data in a bucket.',
    remedy: "Correct the address, or try again; the error's `cause` is what happened.",
  },
  ERR_FILE: {
    of: 'EnvironmentError',
    describe: 'The operating system cannot read or write a file or folder.',
    remedy: "As the message says; the error's `cause` has the system's own code.",
  },
  ERR_FOLDER_IN_USE: {
    of: 'EnvironmentError',
    describe: 'Another run is using the folder.',
    remedy: 'Wait until it has finished, or choose another folder.',
  },
  ERR_OTHER_EXPERIMENT: {
    of: 'EnvironmentError',
    describe: 'The folder holds the results of another experiment.',
    remedy: 'Choose another folder, or replace them with `--overwrite`.',
  },
  ERR_QUEUE: {
    of: 'EnvironmentError',
    describe:
      'The queue of trials cannot be used: its server refuses, is not set up for it, or another build is there.',
    remedy: 'As the message says; docs/scaling.md describes the setup.',
  },
  ERR_CONFLICT: {
    of: 'EnvironmentError',
    describe: 'Two machines gave different results for one trial, so one of them computes wrong.',
    remedy: 'Find out which by running the trial elsewhere; stop its worker, then run the experiment again.',
  },
  ERR_ABORT: {
    of: 'AbortError',
    describe: 'An `AbortSignal`, or Ctrl-C, stopped the work.',
    remedy: 'None is needed. Finished trials are kept, and `history` has the finished epochs.',
  },
  ERR_WORKER: {
    of: 'WorkerError',
    describe: 'A worker ended before its work: it crashed, ran out of memory or could not start.',
    remedy: 'Run again; use fewer workers where memory is short.',
  },
  ERR_USAGE: {
    of: 'UsageError',
    describe: 'The command line is wrong: an unknown preset, options that contradict each other.',
    remedy: 'See `regulus --help`.',
  },
} as const satisfies Record<string, { of: string; describe: string; remedy: string }>;

/** What kind of cause an error has; docs/errors.md explains each. */
export type ErrorCode = keyof typeof errorCodes;
