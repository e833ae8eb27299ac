// What `regulus/slim` has in place of inlined binaries: nothing.
export function inlined(): undefined {}
