// SVG and PNG as files: well-formed, self-contained, sized, not blank, with text from the shipped font.
import { readdirSync, readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { ParameterError } from '../../src/errors/index.ts';
import { buildFigures, renderPng, renderSvg } from '../../src/report/node.ts';
import { textWidth } from '../../src/report/text-width.ts';
import { fixture } from './fixture.ts';

const { results, data } = fixture();
const figures = buildFigures(results, data);
const svgs = await Promise.all(figures.map(renderSvg));

const size = (png: Uint8Array) => {
  const view = new DataView(png.buffer, png.byteOffset);
  return { width: view.getUint32(16), height: view.getUint32(20) };
};

test('SVG is labelled and reaches for nothing outside itself', () => {
  for (const [i, svg] of svgs.entries()) {
    expect(svg).toMatch(/^<svg role="img" aria-label="/);
    expect(svg).toContain(figures[i].alt.slice(0, 40));
    // One image: nothing inside has a role, for which it would need a name.
    expect(svg.match(/ (?:role|aria-\w+)=/g)).toEqual([' role=', ' aria-label=']);
    expect(svg.replace(/ xmlns(:\w+)?="[^"]*"/g, '')).not.toMatch(/https?:|<script|<image|@import|\son\w+=/);
  }
});

test('ids do not collide when drawings share a page, and references resolve', () => {
  const ids = svgs.flatMap((svg) => [...svg.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id));
  expect(new Set(ids).size).toBe(ids.length);
  for (const svg of svgs) {
    for (const [, id] of svg.matchAll(/url\(#([^)]*)\)/g)) expect(svg).toContain(` id="${id}"`);
  }
});

test('coordinates have at most one decimal', () => {
  for (const svg of svgs) expect(svg).not.toMatch(/ (d|transform)="[^"]*\.\d{2}/);
});

test('hostile labels are text, in the drawing and in its label, and turn no text around', async () => {
  const label = '<script>alert("&")</script>\u202e';
  const hostile = fixture({ variants: [{ label }, { label: 'B' }] });
  for (const figure of buildFigures(hostile.results, hostile.data)) {
    const svg = await renderSvg(figure);
    expect(svg).not.toContain('<script');
    expect(svg).not.toContain('\u202e');
    expect(renderPng(svg)[0]).toBe(0x89);
  }
});

test('legends of long labels grow down, not to the side', async () => {
  const variants = Array.from({ length: 9 }, (_, i) => ({ label: `${i}${'W'.repeat(59)}` }));
  const many = fixture({ variants, sweep: [{ 'network.l2': 0.1 }, { 'network.l2': 0.2 }] });
  for (const name of ['sweep', 'training-curves']) {
    const svg = await renderSvg(buildFigures(many.results, many.data).find((figure) => figure.name === name)!);
    expect(Number(/width="([\d.]+)"/.exec(svg)![1])).toBeLessThan(900);
  }
});

test('PNG has the signature, twice the size of the SVG or the width asked for, and something on it', () => {
  for (const svg of svgs) {
    const png = renderPng(svg);
    expect([...png.subarray(0, 8)]).toEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    const [, width, height] = /width="([\d.]+)" height="([\d.]+)"/.exec(svg)!.map(Number);
    expect(size(png)).toEqual({ width: Math.round(2 * width), height: Math.round(2 * height) });
    expect(size(renderPng(svg, { width: 300 })).width).toBe(300);
    expect(new Set(pixels(png)).size).toBeGreaterThan(20);
  }
});

test('PNG text comes out, and is the same each time', () => {
  const png = renderPng(svgs[2]);
  expect(Buffer.compare(png, renderPng(svgs[2]))).toBe(0);
  const textless = renderPng(svgs[2].replace(/<text.*?<\/text>/gs, ''));
  expect(Buffer.compare(png, textless)).not.toBe(0);
});

test('bad arguments are named', async () => {
  expect(() => renderPng('not svg')).toThrow(ParameterError);
  expect(() => renderPng(svgs[0], { width: 0 })).toThrow(/'width' parameter of renderPng/);
  expect(() => renderPng(undefined as never)).toThrow(
    /'svg' parameter of renderPng must be an SVG document\. Got undefined instead\.$/,
  );
  expect(() => renderPng(svgs[0], { wdith: 3 } as never)).toThrow(
    "Unknown option 'wdith' of renderPng. Did you mean 'width'?",
  );
  expect(() => renderPng(svgs[0], null as never)).toThrow(ParameterError);
  for (const changes of [{ alt: undefined }, { name: '"><' }, { spec: { ...figures[0].spec, layer: 3 } }]) {
    await expect(renderSvg({ ...figures[0], ...changes } as never)).rejects.toThrow(ParameterError);
  }
  await expect(renderSvg(undefined as never)).rejects.toThrow(ParameterError);
  await expect(renderSvg({ ...figures[0], spec: {} })).rejects.toThrow(
    /'figure\.spec\.\$schema' parameter of renderSvg/,
  );
});

test('text widths are those of Arimo', () => {
  expect(textWidth({ fontSize: 10 }, 'Regulus')).toBeCloseTo(36.68, 2);
  expect(textWidth({ fontSize: 10, fontWeight: 'bold' }, 'Regulus')).toBeGreaterThan(36.68);
  expect(textWidth({ fontSize: 10, limit: 20 }, 'Regulus')).toBe(20);
  expect(textWidth({}, undefined)).toBe(0);
});

test('only png.ts needs Node', () => {
  const folder = new URL('../../src/report/', import.meta.url);
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (file === 'png.ts' || !file.endsWith('.ts')) continue;
    expect(readFileSync(new URL(file, folder), 'utf8'), file).not.toMatch(/^import .*from 'node:|resvg/m);
  }
});

/** The inflated image data: filtered rows, enough to tell a drawing from a blank page. */
function pixels(png: Uint8Array): Buffer {
  const chunks: Uint8Array[] = [];
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  for (let at = 8; at < png.length; at += 12 + view.getUint32(at)) {
    const type = String.fromCharCode(...png.subarray(at + 4, at + 8));
    if (type === 'IDAT') chunks.push(png.subarray(at + 8, at + 8 + view.getUint32(at)));
  }
  return inflateSync(Buffer.concat(chunks));
}
