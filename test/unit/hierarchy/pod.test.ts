import { describe, expect, it } from 'vitest';
import { textOfPod } from '../../../src/engine/hierarchy/prose/pod-text.js';
import type { DocumentTree, TreeNode } from '../../../src/protocol/document.js';
import { parse, problems } from './invariants.js';

describe('words of POD', () => {
  it.each([
    ['formatting codes', 'Use C<open>, I<not> B<F</etc/motd>>.', 'Use open, not /etc/motd.'],
    ['codes around brackets', 'C<< $a->b >> or C<<< 1 << 2 >>>, C<< a > b >>', '$a->b or 1 << 2, a > b'],
    ['brackets by name', 'C<$xE<gt>y> E<lt>em E<sol>E<eacute>E<0x41>E<66>', '$x>y <em /eAB'],
    ['links by their label, page or place', 'L<here|Store> L<Store::Keys> L<Store/open> L</"How to"> L<https://a.b/c>', 'here Store::Keys open How to https://a.b/c'],
    ['what is shown nowhere', 'X<index>A storeZ<>.', 'A store.'],
    ['headings and items', '=item 2.\n\n=head2 open( $path )', 'open( $path )'],
    ['names that objects have', 'E<constructor>E<valueOf>', 'cv'],
    ['icons of private fonts', 'C<\u{F0001}> or \u{F0002}', '\u{F0001} or \u{F0002}'],
    ['comparisons are no codes', 'if A < B or $i <$n> then', 'if A < B or $i <$n> then'],
    ['codes that are never closed', `${'C<'.repeat(20_000)}a`, `${'C<'.repeat(20_000)}a`],
    ['nothing', '=cut', ''],
  ])('%s', (_, raw, words) => {
    expect(textOfPod(raw)).toBe(words);
  }); // prettier-ignore
});

const MODULE = String.raw`package Store;
use strict;

=head1 NAME

Store - keeps values

=head1 METHODS

=head2 $store->read($key)

Reads a value, C<undef> if there is none.

  my $store = Store->new;

  print $store->read('a');

=cut

sub read {
  my ($self, $key) = @_;
  return $self->{values}{$key};
}

=over 4

=item write

Writes a value.

=back

=begin html

<p>Hidden.</p>

=end html

=cut

# Shared.
sub remove {
  my ($self, $key) = @_;
  return delete $self->{values}{$key};
}

1;
__END__

=encoding utf8

=head1 SEE ALSO

=over

=item *

L<DBM|DB_File> is older.

=back
`;

const named = (tree: DocumentTree, text: string): [string, string][] =>
  tree.nodes
    .filter((n) => ['section', 'function'].includes(n.kind))
    .map((n) => [
      `${n.kind} ${n.name}`,
      n.description ? text.slice(n.description.start, n.description.end).trim() : '',
    ]);
const leaves = (tree: DocumentTree): TreeNode[] => tree.nodes.filter((n) => n.children.length === 0);

describe('programs of Perl', () => {
  it('have sections of documentation between their code; what stands above a subroutine under its name describes it', async () => {
    const tree = await parse(MODULE, 'Store.pm');
    expect(problems(tree, MODULE)).toEqual([]);
    expect(tree).toMatchObject({ language: 'perl', genre: 'code' });
    expect(tree.fallback).toContain('no grammar for perl');
    expect(named(tree, MODULE)).toEqual([
      ['section NAME', ''],
      ['section METHODS', ''],
      ['function read', 'Reads a value, C<undef> if there is none.'],
      ['function remove', '# Shared.'],
      ['section SEE ALSO', ''],
    ]);
  });

  it('tell in sentences; examples are lines of code, and commands and what is for other printers silent', async () => {
    const tree = await parse(MODULE, 'Store.pm');
    const words = (kind: string): string[] =>
      leaves(tree)
        .filter((n) => n.kind === kind && !n.silent)
        .map((n) => textOfPod(MODULE.slice(n.start, n.end)));
    expect(words('sentence')).toEqual([
      'NAME', 'Store - keeps values', 'METHODS', '$store->read($key)', 'Reads a value, undef if there is none.',
      'write', 'Writes a value.', 'SEE ALSO', 'DBM is older.',
    ]); // prettier-ignore
    expect(words('statement')).toEqual(
      expect.arrayContaining(['my $store = Store->new;', "print $store->read('a');", 'package Store;']),
    );
    const silent = leaves(tree).filter((n) => n.silent);
    expect(silent.map((n) => MODULE.slice(n.start, n.end))).toEqual(
      expect.arrayContaining(['=cut', '=over 4', '=back', '<p>Hidden.</p>', '=encoding utf8', '=item *']),
    );
  });

  it('may open lists that are never closed', async () => {
    const text = `=head1 A\n\n${'=over\n\n=item b\n\nText.\n\n'.repeat(40)}=head1 B\n\nMore.\n`;
    const tree = await parse(text, 'a.pod');
    expect(problems(tree, text)).toEqual([]);
    expect(named(tree, text).map(([name]) => name)).toEqual(['section A', 'section B']);
  });

  it('are prose where they are hardly anything but documentation', async () => {
    const text = MODULE.slice(MODULE.indexOf('=encoding')).repeat(3);
    for (const name of ['store.pod', 'Store.pm'])
      expect(await parse(`package Store;\n\n${text}`, name)).toMatchObject({ language: 'perl', genre: 'prose' });
  });

  it('are known by what they use where their names are not', async () => {
    expect(await parse('use strict;\nuse Test::More;\n\nok(1);\n', 'store.t')).toMatchObject({ language: 'perl' });
    expect(await parse('  $ hg init\n  $ hg status\n', 'store.t')).not.toMatchObject({ language: 'perl' });
  });
});
