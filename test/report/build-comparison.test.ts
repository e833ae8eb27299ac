// The comparison in words and as a page: honest, escaped and self-contained.
import { describe, expect, it } from 'vitest';
import type { ResultsComparison, VariantMatch } from '../../src/experiment/index.ts';
import { buildComparison, describeComparison } from '../../src/report/index.ts';

const names = ['out/a', 'out/b'] as const;
const estimate = (mean: number) => ({ mean, sd: 0.01, ci95: [mean - 0.005, mean + 0.005] as [number, number], n: 8 });

const match = (variant: string, changes: Partial<VariantMatch> = {}): VariantMatch => ({
  variant,
  test: [estimate(0.8), estimate(0.82)],
  sameData: true,
  method: 'paired',
  difference: { mean: 0.02, ci95: [0.01, 0.03] },
  n: 8,
  p: 0.0002,
  pAdjusted: 0.0004,
  verdict: 'better',
  ...changes,
});
const none = { verdict: 'no difference shown', pAdjusted: 0.25 } as const;
const single = { ...none, n: 1, difference: { mean: -0.02, ci95: null }, p: null, pAdjusted: null } as const;

const comparison = (matches: VariantMatch[], changes: Partial<ResultsComparison> = {}): ResultsComparison => ({
  metric: { name: 'accuracy', better: 'higher', unit: 'share' },
  filesUnchecked: false,
  matches,
  unmatched: [[], []],
  specDifferences: [],
  ...changes,
});
const described = (...input: Parameters<typeof comparison>) => describeComparison(comparison(...input), names);

describe('describeComparison', () => {
  it.each<[VariantMatch[], string]>([
    [[match('A'), match('B')], 'out/b did better with A and B than out/a.'],
    [
      [match('A'), match('B', { verdict: 'worse' }), match('C', none)],
      'out/b did better with A, and worse with B than out/a. With C, the two could not be told from each other.',
    ],
    [[match('A', none)], 'out/b could not be told from out/a.'],
    [[match('A', { verdict: 'identical' })], 'out/a and out/b tested identically.'],
    [[match('A', { verdict: 'not comparable' })], 'out/a and out/b cannot be compared, because their data differ.'],
  ])('headline %#', (matches, headline) => {
    expect(described(matches).headline).toBe(headline);
  });

  it('gives a row for each variant, p only where something was tested', () => {
    const { header, rows } = described([
      match('A'),
      match('B', { ...none, difference: { mean: -0.001, ci95: [-0.004, 0.002] } }),
    ]);
    expect(header).toEqual(['Variant', 'Verdict', 'First', 'Second', 'Difference', 'p']);
    expect(rows).toEqual([
      ['A', 'second is better', '80.00 % ± 0.50', '82.00 % ± 0.50', '+2.00 ± 1.00', '<0.001'],
      ['B', 'no difference shown', '80.00 % ± 0.50', '82.00 % ± 0.50', '−0.10 ± 0.30', '0.250'],
    ]);
    const one = described([match('A', single)]);
    expect(one.header).not.toContain('p');
    expect(one.rows[0]).toEqual(['A', 'no difference shown', '80.00 % ± 0.50', '82.00 % ± 0.50', '−2.00']);
  });

  it.each<[string, string[], Parameters<typeof comparison>]>([
    [
      'pairs',
      ['Both name the same data and split, so all numbers are over', ', and differences are paired: 8 pairs.'],
      [[match('A')]],
    ],
    [
      'other data',
      ['The data differ, and can explain a difference as well as the settings can: there is no verdict.'],
      [[match('A', { ...single, method: 'none', sameData: false, verdict: 'not comparable' })]],
    ],
    [
      'other splits',
      ['The splits differ, so differences are not paired; their intervals are Welch’s. The split can explain'],
      [[match('A', { method: 'unpaired', sameData: false, n: null })]],
    ],
    [
      'too few common seeds for one variant',
      [
        'that both have for A, and differences are paired: 8 pairs.',
        'Fewer than two seeds (or folds) are in both for B, so differences are not paired;',
      ],
      [[match('A'), match('B', { method: 'unpaired', n: null })]],
    ],
    [
      'one seed',
      ['There are too few trials, or none that vary, to distinguish a difference from chance: A.'],
      [[match('A', single)]],
    ],
    ['several tests', ['adjusted for 2 comparisons (Holm)'], [[match('A'), match('B')]]],
    ['files', ['whether their contents are the same was not checked'], [[match('A')], { filesUnchecked: true }]],
    [
      'other variants',
      ['Only in the first: X.', 'Only in the second: Y and Z.'],
      [[match('A')], { unmatched: [['X'], ['Y', 'Z']] }],
    ],
    [
      'a sweep',
      ['A is compared at the setting that its sweep chose: no sweep and l2 0.1, epochs 5.'],
      [[match('A', { points: [undefined, { 'network.l2': 0.1, 'training.epochs': 5 }] })]],
    ],
  ])('says how to read %s', (_, parts, input) => {
    const notes = described(...input).notes.join('\n');
    for (const part of parts) expect(notes).toContain(part);
  });
});

it('speaks of the metric that decides, whichever it is', () => {
  const lower = { metric: { name: 'dataLoss', better: 'lower', unit: 'none' } } as const;
  const test: VariantMatch['test'] = [estimate(0.4), estimate(0.38)];
  const { rows, notes } = described([match('A', { test, difference: { mean: -0.02, ci95: [-0.03, -0.01] } })], lower);
  expect(rows[0]).toEqual([
    'A',
    'second is better',
    '0.4000 ± 0.0050',
    '0.3800 ± 0.0050',
    '−0.0200 ± 0.0100',
    '<0.001',
  ]);
  expect(notes[0]).toContain('means of the test loss (lower is better)');
  expect([...notes, ...rows.flat()].join()).not.toMatch(/accura|point|%(?! intervals)/);
  expect(buildComparison(comparison([match('A', { test })], lower), names)).toContain('<h2>Test loss</h2>');
});

describe('buildComparison', () => {
  const evil = `<img src=x onerror=alert(1)>"'&`;

  it('needs no network and no scripts, and escapes what it shows', () => {
    const specDifferences = [{ path: evil, values: [evil, [evil]] as [unknown, unknown] }];
    const html = buildComparison(comparison([match(evil)], { specDifferences, unmatched: [[evil], [evil]] }), [
      evil,
      evil,
    ]);
    expect(html).toMatch(/^<!doctype html>/);
    expect(html).not.toMatch(/https?:|<script|<link|<iframe|<img|@import|url\(/);
    expect(html).toContain('<title>&lt;img');
    const open: string[] = [];
    for (const [, close, name] of html.matchAll(/<(\/?)([a-z][a-z0-9]*)[^>]*>/g)) {
      if (name === 'meta') continue;
      if (close) expect(open.pop()).toBe(name);
      else open.push(name);
    }
    expect(open).toEqual([]);
  });

  it('shows what differs between the specs', () => {
    const specDifferences = [
      { path: 'training.epochs', values: [100, undefined] as [unknown, unknown] },
      { path: 'seeds', values: [[1, 2], Array.from({ length: 500 }, (_, i) => i)] as [unknown, unknown] },
    ];
    const html = buildComparison(comparison([match('A')], { specDifferences }), names);
    expect(html).toMatch(/training\.epochs<\/th><td[^>]*>100 → not set</);
    expect(html).toMatch(/>\[1, 2\] → \[0, 1, .{190,200}…</);
    expect(buildComparison(comparison([match('A')]), names)).toContain(
      'Nothing: specification and engine are the same.',
    );
  });
});

it('names what is no comparison, and names that are no pair of texts', () => {
  for (const build of [buildComparison, describeComparison]) {
    expect(() => build(undefined as never, names)).toThrow("The 'comparison' parameter of");
    expect(() => build({ matches: [] } as never, ['a'] as never)).toThrow("The 'names' parameter of");
  }
});
