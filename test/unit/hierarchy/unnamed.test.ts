import { describe, expect, it } from 'vitest';
import { detectDocument } from '../../../src/engine/hierarchy/detect.js';
import { parse } from './invariants.js';

const LOGIN = [
  '#',
  '# /etc/login.defs - Configuration control definitions for the login package.',
  '#',
  '# Three items must be defined:  MAIL_DIR, ENV_SUPATH, and ENV_PATH.',
  '# If unspecified, some arbitrary (and possibly incorrect) value will',
  '# be assumed.  All other items are optional.',
  '#',
  'MAIL_DIR        /var/mail',
  '#MAIL_FILE      .mail',
  '',
  '# Enable logging and display of login failure info.',
  'FAILLOG_ENAB\t\tyes',
  'LOG_UNKFAIL_ENAB\tno',
].join('\n');

const PROFILE = [
  '# /etc/profile: system-wide .profile file for the Bourne shell (sh(1))',
  '',
  'if [ "$(id -u)" -eq 0 ]; then',
  '  PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin"',
  'else',
  '  PATH="/usr/local/bin:/usr/bin"',
  'fi',
  'export PATH',
  '',
  'if [ -d /etc/profile.d ]; then',
  '  for i in /etc/profile.d/*.sh; do',
  '    if [ -r $i ]; then',
  '      . $i',
  '    fi',
  '  done',
  '  unset i',
  'fi',
].join('\n');

const MARKDOWN =
  '# Garden\n\nWater in the morning.\n\n## Tools\n\n- spade\n- rake\n\n### Care\n\nClean them after use. They last longer\nthat way.\n';
const LETTER = 'Dear Anna,\n\nthe release moves\nto Thursday. If you can; then come.\n\nFor me it is done\n\nBen\n';
const MINUTES =
  'Minutes of 2 May\n\nPresent: Anna, Ben, Carla\nAbsent: Dora\nTime: 10:00\n\n#1 Release\nWe move it to Thursday. Ben tests.\n\n#2 Budget\nPostponed until June, because Dora is ill.\n';

describe('files without an extension', () => {
  it.each([
    ['login.defs', LOGIN, 'ini'],
    ['login', LOGIN, 'ini'],
    ['useradd', '# Default values\n# SHELL=/bin/sh\n# GROUP=100\nSHELL=/bin/sh\n', 'ini'],
    ['os-release', 'NAME="Debian"\nVERSION_ID="12"\nHOME_URL="https://www.debian.org/"\n', 'ini'],
    ['common-auth', '#\n# what to try\n#\nauth\t[success=1 default=ignore]\tpam_unix.so nullok\nauth\trequisite\tpam_deny.so\n', 'ini'],
    ['profile', PROFILE, 'shellscript'],
    ['bash.bashrc', PROFILE, 'shellscript'],
    ['aliases', "# Mine.\nalias ll='ls -l'\nalias la='ls -A'\n", 'shellscript'],
    ['login.txt', LOGIN, 'plaintext'],
    ['README', LOGIN, 'plaintext'],
    ['garden', MARKDOWN, 'plaintext'],
    ['letter', LETTER, 'plaintext'],
    ['minutes', MINUTES, 'plaintext'],
    ['words', 'apple\nbanana\ncherry\ndate\n', 'plaintext'],
    ['todo', '# Done\nwent home\n\n# To do\nThe dishes are to be done. Then the floor has to be cleaned.\n', 'plaintext'],
  ])('%s: %j', (fileName, text, language) => {
    expect(detectDocument({ text, fileName }).language).toBe(language);
  }); // prettier-ignore

  it('have settings with their comments', async () => {
    const { nodes } = await parse(LOGIN, 'login.defs');
    const found = nodes.filter((n) => n.children.length === 0).map((n) => LOGIN.slice(n.start, n.end));
    expect(found.some((leaf) => /^# Enable logging[^\n]*\nFAILLOG_ENAB\t\tyes$/.test(leaf))).toBe(true);
    expect(found).toContain('LOG_UNKFAIL_ENAB\tno');
  });
});
