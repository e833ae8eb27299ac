// The matrix: each entry makes a fresh project, with files as a user would write them, and returns what it reports.
import { esbuild, parcel, rollup, slim, viteBuild, viteDev, webpack } from './bundlers.mjs';
import { commonJs, nodeEsm } from './node.mjs';
import { strict } from './page.mjs';
import { ownWorker, scriptTag } from './pages.mjs';
import { typescript } from './typescript.mjs';

export const projects = [
  ...['20.0.0', '20', '22', '24'].map(nodeEsm),
  commonJs('20', 'import'),
  commonJs('22', 'require'),
  commonJs('24', 'require'),
  typescript('bundler', 'esnext', '7.0.2', ['ES2022'], false),
  typescript('node16', 'node16', '7.0.2', ['ES2022', 'DOM'], true),
  typescript('bundler', 'esnext', '7.0.2', ['ES2022', 'DOM'], false),
  typescript('bundler', 'esnext', '5.9', ['ES2022', 'DOM'], false),
  viteDev,
  viteBuild,
  webpack,
  rollup,
  esbuild('esbuild'),
  parcel,
  esbuild(`CSP ${strict.slice(strict.indexOf('script-src'))}, esbuild`, strict),
  ownWorker,
  scriptTag,
  slim,
];
