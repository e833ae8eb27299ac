// What planner and workers must have in common, so that trials have the same bits and both understand each other.
import { contentHash, ownFile, readWhole } from '../runner/index.ts';

/** Counts the changes of what planner and workers exchange. */
const PROTOCOL = 1;

/** What planner and workers compute with; trials go only to workers whose build is the planner's. */
export interface Build {
  /** Of what they exchange. */
  protocol: number;
  /** Of the package. */
  version: string;
  /** SHA-256 of the compute core and of the program of a worker thread. */
  core: string;
  code: string;
  /** The major version of Node, whose serialization checkpoints use. */
  node: number;
}

let known: { id: string; build: Build } | undefined;

/** The build of this process, and a short name for it. */
export function thisBuild(): { id: string; build: Build } {
  if (known) return known;
  const build = {
    protocol: PROTOCOL,
    version: __VERSION__,
    core: contentHash(readWhole(ownFile('regulus/core-simd.wasm'))),
    code: contentHash(readWhole(ownFile('#trial-worker'))),
    node: Number(process.versions.node.split('.')[0]),
  };
  known = { id: contentHash(JSON.stringify(build)).slice(0, 12), build };
  return known;
}

/** Such as `Regulus 0.1.0 (core 1a2b3c4d, code 5e6f7a8b) on Node 20`. */
export const buildText = ({ version, core, code, node }: Build): string =>
  `Regulus ${version} (core ${core.slice(0, 8)}, code ${code.slice(0, 8)}) on Node ${node}`;
