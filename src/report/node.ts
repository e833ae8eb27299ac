// The public names of `regulus/report` in Node, where figures can be drawn as PNG too.
export * from './index.ts';
export { renderPng } from './png.ts';
