import { expect, it } from 'vitest';
import { Emitter } from '../../../src/client/emitter.js';

it('listeners hear every value until they are taken away, each by itself', () => {
  const emitter = new Emitter<number>();
  const heard: string[] = [];
  const listen = (value: number): void => {
    heard.push(`same ${value}`);
  };
  const [first, second] = [emitter.on(listen), emitter.on(listen)];
  emitter.emit(1);
  first.dispose();
  emitter.emit(2);
  second.dispose();
  emitter.emit(3);
  expect(heard).toEqual(['same 1', 'same 1', 'same 2']);
  // One that comes while a value is told hears the next.
  const once = emitter.on(() => {
    once.dispose();
    emitter.on((value) => heard.push(`late ${value}`));
  });
  emitter.emit(4);
  emitter.emit(5);
  expect(heard.slice(3)).toEqual(['late 5']);
});
