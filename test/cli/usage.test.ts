import { beforeAll, describe, expect, it } from 'vitest';
import { tempFolder } from '../support/temp.ts';
import { type Command, commandIn, inTurn } from './command.ts';

describe('the command line', () => {
  let command: Command;
  beforeAll(async () => {
    // Nothing here gets as far as a database.
    command = commandIn({
      DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
      DATA_DIR: await tempFolder('data'),
    });
  });

  it('answers what it cannot understand with exit 2 and one line', async () => {
    const calls: [args: string[], says: RegExp][] = [
      [
        ['nonsense'],
        /no command "nonsense".*campaign, platform, instance, user, keys, sessions, config/,
      ],
      [['constructor'], /no command "constructor"/],
      [['campaign'], /No command/],
      [['campaign', 'destroy', 'all'], /no command "destroy".*create, approve, list, show/],
      [['nonsense', '--help'], /no command "nonsense"/],
      [['campaign', 'abort', 'one'], /^--yes: .*--yes one/],
      [['platform', 'abort', 'x', '--yes', 'y'], /^--yes: .*--yes x/],
      [['instance', 'abort'], /^--yes: .*--yes instance/],
      [['platform', 'pause'], /NAME/],
      [['campaign', 'show'], /SLUG/],
      [['campaign', 'show', 'one', 'two'], /"two" is one argument too many/],
      [['campaign', 'show', 'one', '--colour'], /'--colour'/],
      [['campaign', 'show', 'one', '-x'], /'-x'/],
      [['--json', 'campaign', 'show', 'one'], /'--json'/],
      [['campaign', 'create', 'file.yaml', '--at'], /'--at <value>'/],
      [['campaign', 'create', '/nowhere/file.yaml'], /\/nowhere\/file.yaml: cannot be read/],
      [['campaign', 'create', 'config/campaigns/reference.yaml', '--in', 'soon'], /^--in: "soon"/],
      [
        ['campaign', 'create', 'config/campaigns/reference.yaml', '--in', '-5s'],
        /^--in: what follows begins with "-".*--in=VALUE/,
      ],
      [
        ['campaign', 'create', 'config/campaigns/reference.yaml', '--in=-5s'],
        /^--in: "-5s" is not a duration/,
      ],
      [
        ['campaign', 'create', 'config/campaigns/reference.yaml', '--in', '5m', '--at', 'now'],
        /^--in, --at: /,
      ],
      [
        ['campaign', 'create', 'file.yaml', '--occurrence', 'first'],
        /^--occurrence: give one of earlier, later/,
      ],
      [
        ['campaign', 'create', 'file.yaml', '--in', '5m', '--occurrence', 'later'],
        /^--in, --occurrence: /,
      ],
    ];
    const all = await inTurn(calls, async ([args, says]) => ({
      args,
      says,
      ...(await command(...args)),
    }));
    for (const { args, says, code, stdout, stderr } of all) {
      expect({ args, code, stdout }).toEqual({ args, code: 2, stdout: '' });
      expect(stderr).toMatch(says);
      expect(stderr.trim().split('\n')).toHaveLength(1);
    }
  });

  it('answers that in JSON under --json', async () => {
    const { code, stdout, stderr } = await command('campaign', 'show', '--json');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(JSON.parse(stderr)).toEqual({ error: expect.stringMatching(/SLUG/), errors: [] });
  });

  it('answers a configuration it cannot use with exit 78 and one line', async () => {
    const unreachable = await command('campaign', 'show', 'one');
    expect(unreachable).toMatchObject({ code: 78, stdout: '' });
    expect(unreachable.stderr).toMatch(/^DATABASE_URL: .*cannot be reached.*\n$/);
    const loud = commandIn({ LOG_LEVEL: 'loud', DATA_DIR: await tempFolder('data') });
    const [plain, json] = await inTurn([[], ['--json']], (args) =>
      loud('keys', 'create', 'me', ...args),
    );
    expect(plain).toMatchObject({ code: 78, stdout: '' });
    expect(plain?.stderr).toMatch(/^LOG_LEVEL: "loud" is not one of .*\n$/);
    expect(json?.code).toBe(78);
    expect(JSON.parse(json?.stderr ?? '').error).toMatch(/^LOG_LEVEL: /);
  });

  it('says what there is', async () => {
    const [all, none, group, one] = await inTurn(
      [['--help'], [], ['campaign', '--help'], ['campaign', 'create', '-h']],
      (args) => command(...args),
    );
    for (const said of [all, none, group, one]) {
      expect(said).toMatchObject({ code: 0, stderr: '' });
      // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are what must not be there.
      expect(said?.stdout).not.toMatch(/\u001b/);
    }
    for (const name of ['campaign', 'platform', 'instance', 'user', 'keys', 'config']) {
      expect(all?.stdout).toMatch(new RegExp(`^ +${name}\\b`, 'm'));
      expect(none?.stdout).toBe(all?.stdout);
    }
    for (const name of 'create approve show picture update updates pause resume abort'.split(' ')) {
      expect(group?.stdout).toMatch(new RegExp(`^ +${name}\\b`, 'm'));
    }
    for (const option of [
      'FILE',
      '--at',
      '--zone',
      '--occurrence',
      '--in',
      '--slug',
      '--as',
      '--json',
    ]) {
      expect(one?.stdout).toContain(option);
    }
  });
});
