import { describe, expect, it } from 'vitest';
import { asksForTests, isTest } from '../../../../src/engine/analysis/search/tests.js';

describe('which files are tests', () => {
  it.each([
    'test/app.js',
    'src/test/java/com/shop/Basket.java',
    'packages/core/__tests__/render.ts',
    'tests/conftest.py',
    'shop/test_basket.py',
    'shop/tests.py',
    'store/basket_test.go',
    'spec/models/basket_spec.rb',
    'src/basket.spec.ts',
    'src/basket.test.tsx',
    'BasketTest.java',
    'Shop/BasketTests.cs',
    'BasketSpec.scala',
    'src/BasketTestCase.php',
    'shop/conftest.py',
    'e2e/basket.ts',
    'internal/testdata/basket.json',
  ])('%s', (path) => {
    expect(isTest(path)).toBe(true);
  });

  it.each([
    'src/latest.ts',
    'src/Contest.java',
    'src/testing.py',
    'lib/attest/sign.js',
    'spec/openapi.yaml',
    'src/spectrum.rs',
    'fastest_path.c',
    'src/TestRunner.java',
    'testimonials/list.php',
  ])('%s is none', (path) => {
    expect(isTest(path)).toBe(false);
  });
});

describe('which questions are about tests', () => {
  it.each([
    'how is the parser tested?',
    'unit tests of the router',
    'RainTest',
    'test_rain',
    'mocked clock',
    'rain.spec',
    'fixtures for the clock',
    'which assertions are there',
    'what asserts that it rains',
    'testing the clock',
  ])('%s', (question) => {
    expect(asksForTests(question)).toBe(true);
  });

  it.each(['the latest release', 'contest rules', 'attestation of keys', 'mockingbird', 'greatestCommonDivisor'])(
    '%s is not',
    (question) => {
      expect(asksForTests(question)).toBe(false);
    },
  );
});
