/** Which files are tests, by the conventions of their languages, and which questions are about tests. */

const FOLDER = /(?:^|\/)(?:tests?|__tests__|e2e|testdata)\//i;
const NAME =
  /(?:^|\/)(?:test_[^/]*|tests?\.\w+|conftest\.py)$|[._-](?:tests?|spec)\.\w+$|[a-z\d](?:Tests?|TestCase|Spec)\.\w+$/;

/** Whether a file tests others. `path` is relative to the folder that is searched, with forward slashes. */
export function isTest(path: string): boolean {
  return FOLDER.test(path) || NAME.test(path);
}

const WORD = /(?<![a-z])(?:tests?|tested|testing|specs?|fixtures?|mock(?:s|ed|ing)?|asserts?|assertions?)(?![a-z])/i;
const IN_NAME = /[a-z\d](?:Test|Spec|Mock)s?(?![a-z])/;

/** Whether a question is about tests: `how is rain tested`, `RainTest`. */
export function asksForTests(question: string): boolean {
  return WORD.test(question) || IN_NAME.test(question);
}
