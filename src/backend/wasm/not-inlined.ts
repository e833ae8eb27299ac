// What `regulus/slim` has in place of inlined binaries: an error that says where they come from.
import { EnvironmentError } from '../../errors/index.ts';

export function inlined(): never {
  throw new EnvironmentError(
    "regulus/slim has no compute core inside. Await loadCore({ simd: … }) first, with bytes or an address, or use createEngine({ backend: 'js' }).",
  );
}
