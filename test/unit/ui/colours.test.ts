/** The colours of heat that the manifest gives to each kind of theme: text stays readable on them, and their steps differ. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { HEAT_STEPS } from '../../../src/protocol/heat-steps.js';
import { COLOURS } from '../../../src/ui/ids.js';

type Rgb = readonly number[];

const manifest = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
  contributes: { colors: { id: string; defaults: Record<Kind, string> }[] };
};

/** What WCAG 2 asks of text (AA). High contrast themes keep it on every step, for there frames tell what is hot, too. */
const WCAG_AA = 4.5;
/** Where colour alone tells it, the hottest steps are stronger, and words on them can be made out, but have less than that. */
const MADE_OUT = { comment: 2.9, others: 2.65 };

/**
 * Colours of words in VS Code's extension theme-defaults: light_modern.json, dark_modern.json and what they include (…_plus.json,
 * …_vs.json), hc_black.json, hc_light.json. Left out of the last two is what hardly has that contrast without heat: the brackets of
 * tags, escapes, signs of regular expressions, what is invalid.
 */
const THEMES = {
  light: {
    background: '#ffffff',
    least: MADE_OUT,
    comment: '#008000',
    others: ['#3b3b3b', '#0000ff', '#af00db', '#a31515', '#267f99', '#098658', '#795e26', '#001080', '#0070c1'],
  },
  dark: {
    background: '#1f1f1f',
    least: MADE_OUT,
    comment: '#6a9955',
    others: ['#cccccc', '#569cd6', '#c586c0', '#ce9178', '#4ec9b0', '#b5cea8', '#dcdcaa', '#9cdcfe', '#4fc1ff'],
  },
  highContrast: {
    background: '#000000',
    least: { comment: WCAG_AA, others: WCAG_AA },
    comment: '#7ca668',
    others: [
      ...['#ffffff', '#569cd6', '#c586c0', '#ce9178', '#d16969', '#4ec9b0', '#b5cea8', '#dcdcaa', '#9cdcfe'],
      ...['#d4d4d4', '#d7ba7d', '#6796e6'],
    ],
  },
  highContrastLight: {
    background: '#ffffff',
    least: { comment: WCAG_AA, others: WCAG_AA },
    comment: '#515151',
    others: [
      ...['#292929', '#0f4a85', '#b5200d', '#5e2cbc', '#185e73', '#096d48', '#001080', '#02715d', '#0451a5'],
      ...['#264f78', '#811f3f', '#5a5a5a', '#800080', '#000080'],
    ],
  },
} as const;
type Kind = keyof typeof THEMES;

const channels = (hex: string): number[] => [1, 3, 5, 7].map((i) => parseInt(hex.slice(i, i + 2) || 'ff', 16));

/** A colour as it is seen on a background. */
function on(background: string, hex: string): Rgb {
  const [r, g, b, alpha] = channels(hex);
  const under = channels(background);
  return [r!, g!, b!].map((c, i) => under[i]! + ((c - under[i]!) * alpha!) / 255);
}

/** WCAG 2: relative luminance, and the contrast of two. */
function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb.map((c) => (c <= 0.04045 * 255 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}
function contrast(a: Rgb, b: Rgb): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light! + 0.05) / (dark! + 0.05);
}

describe.each(Object.keys(THEMES) as Kind[])('in %s themes', (kind) => {
  const { background, least, comment, others } = THEMES[kind];
  const heat = COLOURS.heat.map((id) =>
    on(background, manifest.contributes.colors.find((c) => c.id === id)!.defaults[kind]),
  );
  const leastOn = (colour: string): number => Math.min(...heat.map((h) => contrast(on(background, colour), h)));

  it('comments can be read on every step', () => {
    expect(leastOn(comment)).toBeGreaterThan(least.comment);
  });

  it('so can all other words', () => {
    for (const colour of others) expect(leastOn(colour), colour).toBeGreaterThan(least.others);
  });

  it('each step is further from the background than the one before', () => {
    const far = heat.map((h) => Math.hypot(...h.map((c, i) => c - on(background, background)[i]!)));
    expect(far).toHaveLength(HEAT_STEPS);
    for (let i = 1; i < far.length; i++) expect(far[i]! - far[i - 1]!).toBeGreaterThan(6);
  });
});
