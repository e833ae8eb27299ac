// `regulus export`: a model for other runtimes.
import { basename, dirname, join } from 'node:path';
import { type AnyModel, exportCode, exportOnnx, exportTensorflow } from '../model/index.ts';
import { inFile } from '../runner/index.ts';
import type { exportFormats } from './arguments.ts';
import { exitCodes, type Io } from './io.ts';
import { readModel } from './model-file.ts';
import { OutputFolder } from './output-folder.ts';

/** The formats by their names: the default path without the model's extension, and the files by their paths. */
const formats = {
  onnx: { end: '.onnx', files: (model, out) => ({ [out]: exportOnnx(model) }) },
  js: { end: '.js', files: (model, out) => ({ [out]: exportCode(model) }) },
  tfjs: {
    end: '-tfjs',
    files: (model, out) =>
      Object.fromEntries(Object.entries(exportTensorflow(model)).map(([name, content]) => [join(out, name), content])),
  },
} satisfies Record<(typeof exportFormats)[number], Format>;

interface Format {
  end: string;
  files(model: AnyModel, out: string): Record<string, string | Uint8Array>;
}

export interface ExportCommandOptions {
  to: keyof typeof formats;
  out?: string;
  modules?: string[];
}

/** Writes the model in the file `path` in another format, prints what was written and returns the exit code. */
export async function exportCommand(path: string, { to, out, modules }: ExportCommandOptions, io: Io): Promise<number> {
  const model = await readModel(path, modules);
  const { end, files } = formats[to];
  try {
    const written = files(model, out ?? path.replace(/\.safetensors$/, '') + end);
    for (const [file, content] of Object.entries(written)) {
      io.stdout.write(`${new OutputFolder(dirname(file)).write(basename(file), content)}\n`);
    }
    return exitCodes.ok;
  } catch (error) {
    throw inFile(path, error);
  } finally {
    model.dispose();
  }
}
