import { describe, expect, it } from 'vitest';
import { parse } from './invariants.js';

describe('Vala', () => {
  it('is read as C#, over what that has no words for', async () => {
    const text = `[CCode (cname = "LAMP")]
errordomain LampError { BROKEN }

/** Gives light. */
public class Home.Lamp : Object {
	public string name { get; construct; default = "lamp"; }
	public signal void lit (Gdk.Event event);

	/** Makes one that is silent. */
	public Lamp.silent (owned Bulb? bulb) {
		if (checked) {
			this.bulb = (owned) bulb;
		}
		checked = true;
	}

	public unowned Bulb replace (Bulb other) throws LampError,
		IOError requires (other.size (1) > 0) {
		print (@"$(name) is lit\n");
		return other;
	}
}
`;
    const { nodes, fallback } = await parse(text, 'a.vala');
    expect(fallback).toBeUndefined();
    const definitions = nodes.filter((n) => n.kind === 'class' || n.kind === 'function');
    expect(definitions.map((n) => n.name)).toEqual(['LampError', 'Home.Lamp', 'Lamp.silent', 'replace']);
    expect(definitions.map((n) => n.description !== undefined)).toEqual([false, true, true, false]);
  });
});
