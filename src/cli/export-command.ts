// `regulus export`: a model for other runtimes.
import { basename, dirname, join } from 'node:path';
import type { AnyModel } from '../model/index.ts';
import { exitCodes, type Io } from './io.ts';
import { inFile } from './load-results.ts';
import { OutputFolder } from './output-folder.ts';

/** The formats by their names: the default path without the model's extension, and the files by their paths. */
const formats = {
  onnx: { end: '.onnx', files: ({ exportOnnx }, model, out) => ({ [out]: exportOnnx(model) }) },
  js: { end: '.js', files: ({ exportCode }, model, out) => ({ [out]: exportCode(model) }) },
  tfjs: {
    end: '-tfjs',
    files: ({ exportTensorflow }, model, out) =>
      Object.fromEntries(Object.entries(exportTensorflow(model)).map(([name, content]) => [join(out, name), content])),
  },
} satisfies Record<string, Format>;

interface Format {
  end: string;
  files(room: typeof import('../model/index.ts'), model: AnyModel, out: string): Record<string, string | Uint8Array>;
}

export const exportFormats = Object.keys(formats);

export interface ExportCommandOptions {
  to: keyof typeof formats;
  out?: string;
}

/** Writes the model in the file `path` in another format, prints what was written and returns the exit code. */
export async function exportCommand(path: string, { to, out }: ExportCommandOptions, io: Io): Promise<number> {
  // Loaded late: `--help` needs no model.
  const { readModel } = await import('./model-file.ts');
  const model = readModel(path);
  const { end, files } = formats[to];
  try {
    const written = files(await import('../model/index.ts'), model, out ?? path.replace(/\.safetensors$/, '') + end);
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
