/** What a type consists of that says nothing of itself and has no methods. */
import { expect, it } from 'vitest';
import { summary } from './summaries.js';

async function gistOf(text: string, name: string): Promise<string | undefined> {
  return (await summary(text, name)).sections[0]?.text;
}

it.each([
  ['a.ts', 'interface Booking {\n  readonly friend: string;\n  on?(event: string): void;\n  guest: {\n    name: string;\n    age: number;\n  };\n}\n', 'friend, on, guest'],
  ['a.ts', "enum Currency {\n  Euro = 'EUR',\n  Dollar = 'USD',\n}\n", 'Euro, Dollar'],
  ['a.py', '@dataclass\nclass Booking:\n    guest: Guest\n    nights: int = 1\n\n    @property\n    def price(self):\n        return self.nights * 80\n', 'guest, nights, price'],
  ['a.go', 'package a\n\ntype Booking struct {\n\tID string `json:"id"`\n\tGuest *Guest\n\tsync.Mutex\n\t// From is when.\n\tFrom, To time.Time\n}\n', 'ID, Guest, From, To'],
  ['a.rs', '#[derive(Debug)]\npub struct Booking {\n    #[serde(rename = "i")]\n    pub(crate) id: String,\n    nights: u32,\n}\n', 'id, nights'],
  ['a.rs', 'enum Status {\n    Open,\n    Paid { amount: u32 },\n    Gone(String),\n}\n', 'Open, Paid, Gone'],
  ['a.c', 'struct point {\n    OBJECT_HEAD\n    int x; /* where */\n    const char *name;\n    int (*fn)(void);\n    unsigned flags : 3;\n};\n', 'x, name, fn, flags'],
  ['a.cpp', 'class Widget : public Base {\npublic:\n    std::map<int, std::list<int>> names;\n    int size() const;\n};\n', 'names, size'],
  ['a.c', 'struct pair {\n    int a, *b, c[2];\n    unsigned d : 3, e : 4; /* f, g */\n    int (*call)(int h, int i);\n};\n', 'a, b, c, d, e, call'],
  ['A.java', 'class Pair {\n    int a = max(1, 2), b;\n    private String c = "x, y", d;\n    Map<String, Long> e, f;\n}\n', 'a, b, c, d, e, f'],
  ['a.cs', 'class Pair\n{\n    int a, b = 2;\n    int C { get; set; }\n}\n', 'a, b, C'],
  ['a.m', '@interface Store : NSObject\n@property (nonatomic, copy) NSString *name;\n@property (copy) void (^done)(BOOL ok);\n@property NSInteger size;\n- (void)open:(NSString *)path with:(int)mode;\n+ (instancetype)shared;\n@end\n', 'name, done, size, open:, shared'],
  ['A.java', 'class Point {\n    @NotNull private final Map<String, List<X>> names;\n    // where\n    protected int[] y;\n}\n', 'names, y'],
  ['a.cs', 'class Booking\n{\n    public string Id { get; set; }\n    private readonly int nights = 3;\n}\n', 'Id, nights'],
  ['a.swift', 'enum Status {\n    case open\n    case paid, cancelled\n}\n', 'open, paid, cancelled'],
  ['a.php', "<?php\nclass Booking {\n    public string $id;\n    private ?Guest $guest = null;\n}\n", 'id, guest'],
  ['a.proto', 'syntax = "proto3";\nmessage Booking {\n  string id = 1;\n  map<string, int32> prices = 2;\n}\n', 'id, prices'],
  ['a.sql', 'CREATE TABLE bookings (\n    id serial PRIMARY KEY,\n    key text NOT NULL,\n    UNIQUE (id, key),\n    FOREIGN KEY (key) REFERENCES keys\n);\n', 'id, key'],
])('lists its fields: %s %j', async (name, text, fields) => {
  expect(await gistOf(text, name)).toBe(fields);
}); // prettier-ignore

it('quotes a line where most are called nothing', async () => {
  const text = 'class Widget {\n    PROPERTY(int a)\n    SIGNAL(changed)\n    SLOT(change)\n    int value;\n};\n';
  expect(await gistOf(text, 'a.cpp')).toBe('SIGNAL(changed)');
});
