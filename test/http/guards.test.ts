import type { FastifyInstance, InjectOptions, RouteOptions } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Context } from '../../src/context.ts';
import { createApp } from '../../src/http/app.ts';
import { SCOPES, type ScopedRoute } from '../../src/http/scopes.ts';
import { atEnd } from '../support/at-end.ts';
import { needs } from '../support/database.ts';
import { startStage } from '../support/stage.ts';

const HTTPS = 'https://tocsin.example';
const HTTP = 'http://tocsin.example';

/** Where browsers and other programs say that a request comes from, and whether it is one of our own pages. */
const SENDERS: readonly [who: string, headers: Record<string, string>, own: [boolean, boolean]][] =
  [
    ['a program, which says nothing', {}, [true, true]],
    ['our page by its address', { origin: 'OWN' }, [true, true]],
    ['our page in a browser', { origin: 'null', 'sec-fetch-site': 'same-origin' }, [true, true]],
    ['our page with its address', { origin: 'OWN', 'sec-fetch-site': 'same-origin' }, [true, true]],
    // Over https every browser says more.
    ['Origin: null and nothing else', { origin: 'null' }, [false, true]],
    ['another site', { origin: 'https://evil.example' }, [false, false]],
    [
      'another site in a browser',
      { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
      [false, false],
    ],
    [
      'another site without a referrer',
      { origin: 'null', 'sec-fetch-site': 'cross-site' },
      [false, false],
    ],
    [
      'a neighbour',
      { origin: 'https://www.tocsin.example', 'sec-fetch-site': 'same-site' },
      [false, false],
    ],
    [
      'a neighbour without a referrer',
      { origin: 'null', 'sec-fetch-site': 'same-site' },
      [false, false],
    ],
    ['our name on another port', { origin: 'https://tocsin.example:8443' }, [false, false]],
    ['an origin that is none', { origin: 'tocsin.example' }, [false, false]],
  ];

needs('postgres')('D guards', () => {
  let ctx: Context;
  beforeAll(async () => {
    ctx = (await startStage()).instance.ctx;
  });

  async function appAt(baseUrl: string): Promise<FastifyInstance> {
    const app = await createApp(Object.create(ctx, { baseUrl: { value: baseUrl } }));
    atEnd(() => app.close());
    await app.ready();
    return app;
  }

  function writes(app: FastifyInstance): ScopedRoute[] {
    return app.scopedRoutes.filter(({ method }) => !['GET', 'HEAD'].includes(method));
  }

  async function send(app: FastifyInstance, route: ScopedRoute, headers: Record<string, string>) {
    const answer = await app.inject({
      method: route.method as NonNullable<InjectOptions['method']>,
      url: route.url.replaceAll(/:\w+/g, 'x'),
      headers,
    });
    return answer.statusCode;
  }

  for (const [at, base] of [HTTPS, HTTP].entries()) {
    it(`D lets nothing but our own forms and keys through, at ${base}`, async () => {
      const app = await appAt(base);
      const routes = writes(app);
      // Joining, receipts, operators, the API: a walk that finds none of these would prove nothing.
      expect(routes.length).toBeGreaterThan(30);
      for (const route of routes) {
        const { method, url, scope } = route;
        for (const [who, given, own] of SENDERS) {
          const headers = Object.fromEntries(
            Object.entries(given).map(([name, value]) => [name, value === 'OWN' ? base : value]),
          );
          const status = await send(app, route, headers);
          const seen = [method, url, who, status];
          if (scope === 'api') expect(seen).toEqual([method, url, who, 401]);
          else if (scope === 'mailProgram') expect([403, 401]).not.toContain(status);
          else if (!own[at]) expect(seen).toEqual([method, url, who, 403]);
          else if (scope === 'operator') expect(seen).toEqual([method, url, who, 401]);
          else expect(seen).not.toEqual([method, url, who, 403]);
        }
      }
    });
  }

  it('D has every address of operators and of the API behind its own guard', async () => {
    const app = await appAt(HTTP);
    for (const { method, url, scope } of app.scopedRoutes) {
      const right = ((): string[] => {
        if (url.startsWith('/api/v1/')) return ['api'];
        if (/^\/ops\/sign-(in|out)/.test(url)) return ['signIn'];
        if (url.startsWith('/ops')) return ['operator'];
        return ['open', 'supporter', 'mailProgram'];
      })();
      expect([method, url, right]).toEqual([method, url, expect.arrayContaining([scope])]);
    }
  });

  it('D shows operators’ pages and the API to nobody who has no session or key', async () => {
    const app = await appAt(HTTP);
    const reads = app.scopedRoutes.filter(
      ({ method, scope }) => method === 'GET' && ['operator', 'api'].includes(scope),
    );
    expect(reads.length).toBeGreaterThan(5);
    for (const route of reads) {
      expect([route.url, await send(app, route, {})]).toEqual([route.url, 401]);
    }
  });

  describe('of a route that was forgotten', () => {
    const handler = async () => 'done';
    const forgotten: readonly [string, RouteOptions, RegExp][] = [
      ['a form', { method: 'POST', url: '/new', handler }, /POST \/new is in no scope/],
      ['a page', { method: 'GET', url: '/new', handler }, /GET \/new is in no scope/],
      [
        'a form that anybody may send',
        { method: 'DELETE', url: '/new', handler, config: { scope: 'open' } },
        /DELETE \/new changes something/,
      ],
      [
        'a scope that there is not',
        { method: 'POST', url: '/new', handler, config: { scope: 'nobody' as 'open' } },
        /is in no scope/,
      ],
    ];
    it.each(forgotten)('D keeps the instance from starting: %s', async (_what, route, said) => {
      const { default: fastify } = await import('fastify');
      const { guardScopes } = await import('../../src/http/scopes.ts');
      const app = fastify();
      guardScopes(app, ctx);
      expect(() => app.route(route)).toThrow(said);
    });

    it('D and every scope that may change something but one has a guard', () => {
      const open = Object.entries(SCOPES).filter(
        ([, { methods, guards }]) => methods === 'all' && guards(ctx).length === 0,
      );
      expect(open.map(([name]) => name)).toEqual(['mailProgram']);
    });
  });

  it('D answers what browsers and search engines ask for by themselves', async () => {
    const app = await appAt(HTTP);
    const icon = await app.inject('/favicon.ico');
    expect([icon.statusCode, icon.headers['content-type']]).toEqual([200, 'image/x-icon']);
    expect(icon.rawPayload.subarray(0, 4)).toEqual(Buffer.from([0, 0, 1, 0]));
    const robots = await app.inject('/robots.txt');
    expect([robots.statusCode, robots.headers['content-type']]).toEqual([
      200,
      'text/plain; charset=utf-8',
    ]);
    const closed = robots.body.split('\n').flatMap((line) => line.split('Disallow: ')[1] ?? []);
    const may = (path: string) => !closed.some((one) => path.startsWith(one));
    expect(['/', '/c/rivers', '/c/rivers/card-en.png', '/s/abc', '/assets/x.css'].map(may)).toEqual(
      Array(5).fill(true),
    );
    expect(
      ['/r/SECRET', '/i/SECRET', '/join/CODE/words', '/ops', '/api/v1/holds', '/m/SECRET'].map(may),
    ).toEqual(Array(6).fill(false));
  });
});
