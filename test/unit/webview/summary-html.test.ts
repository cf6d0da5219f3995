// @vitest-environment jsdom
import { expect, it } from 'vitest';
import { summaryHtml } from '../../../src/ui/summary-html.js';

const page = (text: string): Document => {
  const html = summaryHtml({
    language: 'en',
    title: 'Summary',
    nonce: 'abc',
    sentences: [
      { text: 'Keeps values.', place: 'line 3', href: 'command:strata.reveal?%5B%22a%22%2C1%5D' },
      { text, place: 'line 9', href: 'command:strata.reveal?%5B%22a%22%2C2%5D' },
    ],
  });
  return new DOMParser().parseFromString(html, 'text/html');
};

it('is a list of links in the order of the sentences, each with its place', () => {
  const links = [...page('Reads them.').querySelectorAll('li > a')];
  expect(links.map((a) => a.textContent)).toEqual(['Keeps values. line 3', 'Reads them. line 9']);
  expect(links.map((a) => a.getAttribute('href'))).toEqual([
    'command:strata.reveal?%5B%22a%22%2C1%5D',
    'command:strata.reveal?%5B%22a%22%2C2%5D',
  ]);
});

it('shows what the document says and does nothing of it', () => {
  const text = '</a></style><script>alert("a" & \'b\')</script><img src=x onerror=alert(1)>';
  const document = page(text);
  expect(document.querySelectorAll('li > a')[1]!.textContent).toBe(`${text} line 9`);
  expect(document.querySelectorAll('script, img')).toHaveLength(0);
});

it('admits its own style sheet and no script, picture or frame', () => {
  const document = page('');
  const policy = document.querySelector('meta[http-equiv="Content-Security-Policy"]')!.getAttribute('content');
  expect(policy).toBe("default-src 'none'; style-src 'nonce-abc'");
  expect(document.querySelector('style')!.getAttribute('nonce')).toBe('abc');
  expect(document.querySelectorAll('[style]')).toHaveLength(0);
});
