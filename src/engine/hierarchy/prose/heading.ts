/** A title in a text, whatever marks it: what sections are made of. */
export interface Heading {
  /** 1 is the outermost. */
  level: number;
  name: string;
  start: number;
  /** First offset after the heading's own lines. */
  bodyStart: number;
  /** Whether the first paragraph of the body is the description of an object that the heading names. */
  described?: boolean;
}
