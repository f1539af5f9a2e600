import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { beforeAll, expect, it, vi } from 'vitest';
import { loadConfig } from '../../config/config.ts';
import { approveCampaign } from '../../src/actions/campaign/approve-campaign.ts';
import { createCampaign } from '../../src/actions/campaign/create-campaign.ts';
import { openGrant } from '../../src/actions/credential/credential-access.ts';
import { createApiKey, issueSignInLink } from '../../src/actions/operator/operator-access.ts';
import { type Context, createContext } from '../../src/context.ts';
import { createLogger } from '../../src/log.ts';
import { decideConsent } from '../../src/simulator/client.ts';
import { migrateAt } from '../../src/store/connection/database.ts';
import { findLiveCredentials } from '../../src/store/credential.ts';
import { atEnd } from '../support/at-end.ts';
import { goodCampaign } from '../support/bad-campaigns.ts';
import { plainBrowser } from '../support/browser.ts';
import { needs, testDatabase } from '../support/database.ts';
import { startNetwork } from '../support/network.ts';
import { type Child, startProcess } from '../support/process.ts';
import { networkEnvironment } from '../support/stage.ts';
import { tempFolder } from '../support/temp.ts';
import { caller } from './api.ts';

const HANDLE = 'canaryhandle';
const UNLUCKY = 'canaryunlucky';
const AGENT = 'CanaryBrowser/7.3';
const ADDRESS = '203.0.113.77';
const SLUG = 'secrecy';

/** Every form in which bytes could lie somewhere. */
function formsOf(value: string): string[] {
  const bytes = Buffer.from(value);
  return [value, bytes.toString('hex'), bytes.toString('base64url'), encodeURIComponent(value)];
}

needs('postgres')('what supporters and operators entrust to the instance', () => {
  /** What must be nowhere, by its name. */
  const secrets = new Map<string, string>();
  let networkHost: string;
  let child: Child;
  let ctx: Context;
  let dump: string;
  let account: { id: string; handle: string };

  beforeAll(async () => {
    const network = await startNetwork();
    networkHost = new URL(network.url).host;
    const environment = {
      ...networkEnvironment(network.url),
      DATABASE_URL: (await testDatabase(migrateAt)).url,
      DATA_DIR: await tempFolder('data'),
      PORT: '0',
      TRUST_PROXY: 'loopback',
    };
    child = await startProcess({
      args: ['src/main.ts'],
      env: { ...environment, LOG_LEVEL: 'trace' },
    });
    const url = (await child.line(/^Tocsin is ready at (\S+)$/, { timeoutMs: 60_000 }))[1] ?? '';
    const config = loadConfig({ ...environment, LOG_LEVEL: 'silent' });
    ctx = await createContext(config, createLogger(config), new AbortController().signal);
    atEnd(() => ctx.dispose());
    await createCampaign(ctx, { document: goodCampaign({ slug: SLUG }), author: 'somebody' });
    await approveCampaign(ctx, { slug: SLUG, operator: 'somebody else' });
    const made = await network.control.createAccounts({
      accounts: [{ handle: HANDLE }, { handle: UNLUCKY }],
    });
    account = made[0] ?? { id: '', handle: '' };
    await network.control.fault(UNLUCKY, 'me', 'status500');

    const plain = globalThis.fetch;
    vi.stubGlobal('fetch', (input: string | URL, init: RequestInit = {}) => {
      const headers = new Headers(init.headers);
      headers.set('user-agent', AGENT);
      headers.set('x-forwarded-for', ADDRESS);
      return plain(input, { ...init, headers });
    });
    await join(url);
    await enter(url);
    vi.unstubAllGlobals();
    dump = await dumpOf(ctx);
    // Whatever it was about to say, it has said.
    await child.stop();
  });

  /** A supporter joins, comes back twice, mistypes their receipt's address, and another is unlucky. */
  async function join(url: string): Promise<void> {
    const browser = plainBrowser();
    const back = await decideConsent(await browser.startJoining(`${url}/c/${SLUG}`), HANDLE);
    note(back);
    secrets.set('cookie', browser.cookies.get('tocsin_browser') ?? '');
    const receipt = await browser.get(back);
    expect(receipt.text).toContain(HANDLE);
    const token = new URL(receipt.url).pathname.split('/')[2] ?? '';
    secrets.set('receipt', token);
    await browser.get(back);
    for (const path of [`/r/${token}%ff`, `/r/${token}/nowhere`, `/${token}`, `/c/${token}%00`]) {
      await fetch(url + path);
    }
    const unlucky = await decideConsent(await browser.startJoining(`${url}/c/${SLUG}`), UNLUCKY);
    secrets.set('state of the unlucky', new URL(unlucky).searchParams.get('state') ?? '');
    expect((await browser.get(unlucky)).status).toBe(502);
  }

  function note(back: string): void {
    const { searchParams } = new URL(back);
    secrets.set('state', searchParams.get('state') ?? '');
    secrets.set('code', searchParams.get('code') ?? '');
  }

  /** An operator signs in, and an integrator calls. */
  async function enter(url: string): Promise<void> {
    const { path } = await issueSignInLink(ctx, { operator: 'Vera' });
    secrets.set('link', path.split('/').at(-1) ?? '');
    const browser = plainBrowser();
    await browser.submit(await browser.get(url + path), '/ops/sign-in/');
    secrets.set('session', browser.cookies.get('tocsin_session') ?? '');
    const key = await createApiKey(ctx, { name: 'integrator' });
    secrets.set('key', key);
    const integrator = caller(url, `Bearer ${key}`);
    expect((await integrator.get(`/api/v1/campaigns/${SLUG}/delivery`)).status).toBe(200);
    expect((await integrator.post('/api/v1/campaigns', '{')).status).toBe(400);
    const pledges = await ctx.db.selectFrom('pledge').select('id').execute();
    const [credential] = await findLiveCredentials(
      ctx.db,
      pledges.map(({ id }) => id),
    );
    if (!credential) throw new Error('Nobody has joined');
    const grant = await openGrant(ctx, credential);
    secrets.set('access token', grant.accessToken);
    secrets.set('refresh token', grant.refreshToken ?? '');
  }

  /** Everything in every table of every schema that is not PostgreSQL's own. */
  async function dumpOf({ db }: Context): Promise<string> {
    const tables = await sql<{ schema: string; name: string }>`
      select table_schema as schema, table_name as name from information_schema.tables
      where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`;
    const parts: string[] = [];
    for (const { schema, name } of (await tables.execute(db)).rows) {
      const rows = sql<{ row: string }>`
        select to_jsonb(t)::text as row from ${sql.table(`${schema}.${name}`)} t`;
      parts.push(name, ...(await rows.execute(db)).rows.map(({ row }) => row));
    }
    return parts.join('\n');
  }

  function everything(): [string, string][] {
    return [
      ...secrets,
      ['handle', HANDLE],
      ['handle of the unlucky', UNLUCKY],
      ['account', account.id],
      ['browser', AGENT],
      ['address', ADDRESS],
    ];
  }

  it('has been entrusted', () => {
    expect([...secrets.keys()].sort()).toEqual(
      [
        'access token',
        'code',
        'cookie',
        'key',
        'link',
        'receipt',
        'refresh token',
        'session',
        'state',
        'state of the unlucky',
      ].sort(),
    );
    for (const [name, value] of everything()) {
      expect([name, value.length > 7]).toEqual([name, true]);
    }
  });

  it('is in no line of the log, at its most talkative', () => {
    const log = child.output();
    expect(log).toContain('join failed');
    expect(log.split('\n').length).toBeGreaterThan(3);
    for (const [name, value] of everything()) {
      for (const form of formsOf(value)) {
        expect([name, log.includes(form)]).toEqual([name, false]);
      }
    }
  });

  it('is in no table in clear text, and no network address at all', () => {
    expect(dump).toContain(SLUG);
    // It is there: as a hash, with which it can be recognised and not read.
    const hash = ctx.vault.accountHash('x', account.id).toString('hex');
    expect(dump).toContain(hash);
    const key = createHash('sha256')
      .update(secrets.get('key') ?? '')
      .digest('hex');
    expect(dump).toContain(key);
    for (const [name, value] of everything()) {
      for (const form of formsOf(value)) {
        expect([name, dump.includes(form)]).toEqual([name, false]);
      }
    }
    // The platform's own host is one; supporters come from it, too, here.
    expect(dump.replaceAll(networkHost, 'the platform')).not.toContain('127.0.0.1');
  });
});
