// Stands in for `renderPng` where there is no Node, so that importing it is no error in a bundle for browsers.
import { EnvironmentError } from '../errors/index.ts';
import type { renderPng as RenderPng } from './png.ts';

export const renderPng: typeof RenderPng = () => {
  throw new EnvironmentError('renderPng needs Node.js. Elsewhere, show the SVG itself.');
};
