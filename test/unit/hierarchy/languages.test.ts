import { describe, expect, it } from 'vitest';
import { detectDocument, knownId, LANGUAGE_IDS } from '../../../src/engine/hierarchy/detect.js';

describe('the names of languages', () => {
  it.each([
    ['python', 'python'],
    ['Py', 'python'],
    ['c++', 'cpp'],
    ['md', 'markdown'],
    ['webvtt', 'plaintext'],
    ['asciidoc', 'asciidoc'],
    ['nonsense', undefined],
    ['constructor', undefined],
  ])('%s means %s', (name, id) => {
    expect(knownId(name)).toBe(id);
  });

  it('are those that a text can be read as', () => {
    expect(LANGUAGE_IDS.filter((id) => knownId(id) !== id)).toEqual([]);
  });

  it.each([
    ['meson.build', "project('store')\n"],
    ['requirements-dev.txt', 'pytest==8.0\n'],
    ['.env.local', 'A=1\n'],
    ['go.sum', 'example.org/a v1.0.0 h1:x\n'],
    ['Gemfile.lock', 'GEM\n'],
    ['.gitignore', 'dist/\n'],
    ['ls.1', '.TH LS 1\n.SH NAME\nls - list\n'],
    ['ui.pro', 'SOURCES += a.cpp\n'],
    ['Store.cls', 'public class Store {\n}\n'],
    ['Form.cls', 'VERSION 1.0 CLASS\n'],
    ['proof.v', 'Require Import Arith.\n'],
    ['solve.m', 'function y = solve(x)\n'],
    ['run', '#!/usr/bin/awk -f\n{ print }\n'],
    ['notes.org', '* Notes\n'],
    ['plan.ipynb', '{}'],
  ])('are those of files: %s', (fileName, text) => {
    const { language } = detectDocument({ text, fileName });
    expect(knownId(language)).toBe(language);
    expect(LANGUAGE_IDS).toContain(language);
  });
});
