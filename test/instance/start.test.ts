import { chmod, cp, mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { loadSecrets } from '../../config/secrets.ts';
import { untilServed } from '../../src/store/embedded/embedded.ts';
import { isFolderLocked, lockFolder } from '../../src/store/embedded/lock.ts';
import { embeddedUrl } from '../../src/store/embedded/paths.ts';
import { commandIn } from '../cli/command.ts';
import { embeddedFolder } from '../support/embedded.ts';
import { freePort } from '../support/free-port.ts';
import { type Child, startProcess } from '../support/process.ts';
import { tempFolder } from '../support/temp.ts';
import { firstOf, onlyInFull } from '../support/tier.ts';
import { waitFor } from '../support/wait-for.ts';

/** `npm start` with nothing set but where it may put things. */
async function start(environment: Record<string, string>): Promise<Child> {
  return startProcess({ args: ['src/main.ts'], env: { LOG_LEVEL: 'warn', ...environment } });
}

async function ready(child: Child): Promise<string> {
  const line = await child.line(/^Tocsin is ready at (http:\S+)$/m, { timeoutMs: 60_000 });
  return line[1] ?? '';
}

/** What a start that cannot be is to say: one line, and an exit that is not zero. */
async function refusal(child: Child): Promise<{ code: number | null; said: string[] }> {
  const { code } = await child.exit;
  return { code, said: child.output().trim().split('\n') };
}

describe('an instance with nothing set', () => {
  it('is ready, gives the first operator a link, drains on SIGTERM, and finds everything again', async () => {
    const DATA_DIR = await tempFolder('data');
    const PORT = String(await freePort());
    const first = await start({ DATA_DIR, PORT });
    const url = await ready(first);
    expect(url).toBe(`http://127.0.0.1:${PORT}`);
    expect(first.stdout()).toMatch(/one|once/);
    const link = /http:\S+\/ops\/sign-in\/\S+/.exec(first.stdout())?.[0] ?? '';
    expect((await fetch(link)).status).toBe(200);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    expect((await fetch(url)).status).toBe(200);
    expect(await first.stop('SIGTERM')).toEqual({ code: 0, signal: null });

    expect(first.output()).not.toMatch(/X_CLIENT_SECRET|MAIL_FROM/);

    const halves = { X_CLIENT_ID: 'app', MAIL_FROM: 'reminders@example.org' };
    const second = await start({ DATA_DIR, PORT, ...halves });
    await ready(second);
    expect(second.output()).toContain('X_CLIENT_SECRET is not set: X is told that');
    expect(second.output()).toContain('MAIL_FROM is set and SMTP_URL is not: no mail is sent');
    // Not the first start any more; the link of the first one is still there to be used.
    expect(second.stdout()).not.toContain('/ops/sign-in/');
    expect((await fetch(link)).status).toBe(200);
    // As Ctrl-C on `npm start` comes: from the terminal, and from npm, which passes it on.
    second.signal('SIGINT');
    await sleep(3);
    expect(await second.stop('SIGINT')).toEqual({ code: 0, signal: null });
  }, 90_000);

  it('refuses a second instance on its data folder, and commands use the first', async () => {
    const DATA_DIR = await embeddedFolder();
    const first = await start({ DATA_DIR, PORT: '0' });
    await ready(first);
    const second = await refusal(await start({ DATA_DIR, PORT: '0' }));
    expect(second.code).toBe(78);
    expect(second.said).toEqual([expect.stringMatching(/^DATA_DIR: .*in use by another Tocsin/)]);
    const command = await startProcess({
      args: ['src/cli/main.ts', 'keys', 'create', 'somebody', '--json'],
      env: { DATA_DIR },
    });
    expect((await command.exit).code).toBe(0);
    expect(JSON.parse(command.stdout()).key).toMatch(/^tocsin_/);
    expect((await first.stop()).code).toBe(0);
  });

  it('E9 commands wait for an instance that is still starting', async () => {
    const DATA_DIR = await embeddedFolder();
    const first = await start({ DATA_DIR, PORT: '0' });
    await waitFor(() => isFolderLocked(DATA_DIR), {
      everyMs: 5,
      what: 'the instance to take its folder',
    });
    const command = commandIn({ DATA_DIR });
    expect(await command('campaign', 'list')).toMatchObject({ code: 0, stderr: '' });
    await ready(first);
    expect((await first.stop()).code).toBe(0);
  });

  it('E9 commands say that an instance is still starting', async () => {
    const DATA_DIR = await tempFolder('data');
    const lock = await lockFolder(DATA_DIR);
    await expect(untilServed(DATA_DIR, 200)).rejects.toThrow(/^DATA_DIR: .*is still starting/);
    await lock.release();
    expect(await untilServed(DATA_DIR, 200)).toBe(false);
  });

  it('refuses a busy port in one line', async () => {
    const busy = createServer();
    await new Promise<void>((resolve) => busy.listen(0, '127.0.0.1', resolve));
    const { port } = busy.address() as { port: number };
    const refused = await refusal(
      await start({ DATA_DIR: await embeddedFolder(), PORT: String(port) }),
    );
    busy.close();
    expect(refused.code).toBe(78);
    expect(refused.said).toEqual([expect.stringMatching(new RegExp(`^PORT: .*${port} is in use`))]);
  });

  onlyInFull(() => {
    it('refuses a data folder that cannot be written, in one line', async () => {
      // A file in the way, which stops root, too.
      const folder = await tempFolder('data');
      const refused = await refusal(await start({ DATA_DIR: '/dev/null/data', PORT: '0' }));
      expect(refused.code).toBe(78);
      expect(refused.said).toEqual([expect.stringMatching(/^DATA_DIR: .*cannot be written/)]);
      if (process.getuid?.() === 0) return;
      const locked = join(folder, 'locked');
      await mkdir(locked);
      await chmod(locked, 0o500);
      expect((await refusal(await start({ DATA_DIR: locked, PORT: '0' }))).code).toBe(78);
    });
  });

  onlyInFull(() => {
    it('refuses a database of a newer version, in one line, and changes nothing', async () => {
      const DATA_DIR = await embeddedFolder();
      const first = await start({ DATA_DIR, PORT: '0' });
      await ready(first);
      const client = new pg.Client({ connectionString: embeddedUrl(DATA_DIR) });
      await client.connect();
      await client.query(
        `insert into kysely_migration (name, timestamp) values ('9999_future', now())`,
      );
      await client.end();
      await first.stop();
      const refused = await refusal(await start({ DATA_DIR, PORT: '0' }));
      expect(refused.code).toBe(78);
      expect(refused.said).toEqual([expect.stringMatching(/newer version.*9999_future/)]);
    });
  });

  onlyInFull(() => {
    it('A4 refuses a data folder with the secrets of another instance, in one line, until its own are back', async () => {
      const DATA_DIR = await tempFolder('data');
      const first = await start({ DATA_DIR, PORT: '0' });
      await ready(first);
      await first.stop();
      const other = await tempFolder('other');
      loadSecrets(other);
      const file = join(DATA_DIR, 'secrets.json');
      await cp(file, join(other, 'kept.json'));
      await cp(join(other, 'secrets.json'), file);
      const refused = await refusal(await start({ DATA_DIR, PORT: '0' }));
      expect(refused.code).toBe(78);
      expect(refused.said).toEqual([
        expect.stringMatching(/^DATA_DIR: the embedded database: .*sealed under the master key/),
      ]);
      await cp(join(other, 'kept.json'), file);
      await ready(await start({ DATA_DIR, PORT: '0' }));
    });
  });

  const wrong: [Record<string, string>, RegExp][] = [
    [{ PORT: 'many' }, /^PORT: /],
    [{ DATABASE_URL: 'mysql://somewhere' }, /^DATABASE_URL: /],
    [{ DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' }, /^DATABASE_URL: .*cannot be reached/],
    [{ X_API_URL: 'nowhere' }, /^X_API_URL: /],
    [{ LOG_LEVEL: 'loud' }, /^LOG_LEVEL: /],
    [{ ARM_LEAD_SECONDS: '300' }, /^ARM_LEAD_SECONDS: /],
  ];
  it.each(firstOf(wrong, 3))(
    'names the variable that is wrong: %o',
    async (environment, message) => {
      const DATA_DIR = await tempFolder('data');
      const refused = await refusal(await start({ DATA_DIR, PORT: '0', ...environment }));
      expect(refused.code).toBe(78);
      expect(refused.said).toEqual([expect.stringMatching(message)]);
    },
  );
});
