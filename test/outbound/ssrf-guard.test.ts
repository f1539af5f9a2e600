import { lookup } from 'node:dns';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createCrash } from '../../src/crash.ts';
import { LocatorRejected } from '../../src/domain/account-locator.ts';
import { createHttpClient } from '../../src/outbound/http-client.ts';
import { createGuard, isLoopback, isPublicAddress } from '../../src/outbound/ssrf-guard.ts';
import { createSender } from '../../src/outbound/wire/sender.ts';
import { atEnd } from '../support/at-end.ts';

const guard = createGuard(['127.0.0.1:4000', 'Social.Corp.Example']);

/** One address of each special range of IANA's registries for IPv4, and the first and last of some. */
const IPV4 = [
  ...['0.0.0.0', '0.1.2.3', '10.0.0.1', '10.255.255.255', '100.64.0.1', '100.127.255.254'],
  ...['127.0.0.1', '127.1.2.3', '127.255.255.255', '169.254.0.1', '169.254.169.254', '172.16.0.1'],
  ...['172.31.255.255', '192.0.0.1', '192.0.0.170', '192.0.2.1', '192.88.99.1', '192.168.0.1'],
  ...['192.168.255.255', '198.18.0.1', '198.19.255.255', '198.51.100.1', '203.0.113.1'],
  ...['224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255'],
];

const IPV6 = [
  ...['::', '::1', '::127.0.0.1', '::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:10.0.0.1'],
  ...['::ffff:169.254.169.254', '::ffff:0:127.0.0.1', '64:ff9b::7f00:1', '64:ff9b::10.0.0.1'],
  ...[
    '64:ff9b:1::1',
    '100::1',
    '2001::1',
    '2001:10::1',
    '2001:20::1',
    '2001:db8::1',
    '2002:7f00:1::',
  ],
  ...[
    '2002:a00:1::1',
    '2002:c0a8:1::1',
    '3fff::1',
    '5f00::1',
    'fc00::1',
    'fd00::1',
    'fdff:ffff::1',
  ],
  ...['fe80::1', 'febf::1', 'fec0::1', 'ff02::1', 'ff0e::1', '0:0:0:0:0:0:0:1', '0000::0001'],
];

/** An IPv4 address in the spellings that resolvers and browsers have taken for one. */
function spellings(address: string): string[] {
  const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number);
  const whole = ((a * 256 + b) * 256 + c) * 256 + d;
  const each = (form: (part: number) => string): string => [a, b, c, d].map(form).join('.');
  const octal = (part: number): string => `0${part.toString(8)}`;
  const hex = (part: number): string => `0x${part.toString(16)}`;
  return [
    ...[
      address,
      `${address}.`,
      `${address}:443`,
      `${address}:8080`,
      `user@${address}`,
      `${address}/`,
    ],
    ...[each(octal), each((part) => `000${part.toString(8)}`), each(hex), each(hex).toUpperCase()],
    ...[String(whole), `0x${whole.toString(16)}`, `0${whole.toString(8)}`, `${whole}.`],
    ...[
      `${a}.${(b * 256 + c) * 256 + d}`,
      `${a}.${b}.${c * 256 + d}`,
      `${hex(a)}.${octal(b)}.${c}.${d}`,
    ],
    ...[
      each(fullWidth),
      each(circled),
      address.replaceAll('.', '。'),
      address.replaceAll('.', '．'),
    ],
    ...[
      `https://${address}`,
      `HTTP://${address}/`,
      `${address}#a`,
      `${address}?a`,
      `a@b@${address}`,
    ],
    ...[
      `${address}%2f`,
      `${address}\\@mastodon.social`,
      `mastodon.social@${address}`,
      ` ${address}\t`,
    ],
  ];
}

const fullWidth = (part: number): string =>
  String(part).replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)));
const circled = (part: number): string =>
  String(part).replace(/\d/g, (digit) =>
    digit === '0' ? '⓪' : String.fromCodePoint(0x245f + Number(digit)),
  );

function bracketed(address: string): string[] {
  return [
    ...[`[${address}]`, `[${address}]:443`, `https://[${address}]/`, `[${address}%25eth0]`],
    ...[`[${address}%eth0]`, `[${address.toUpperCase()}]`, address],
  ];
}

const NAMES = [
  ...[
    'localhost',
    'LOCALHOST',
    'localhost.',
    'localhost:80',
    'a.localhost',
    'localhost.localdomain',
  ],
  ...['printer.local', 'nas.lan', 'router.home', 'box.home.arpa', 'wiki.internal', 'wiki.corp'],
  ...[
    'metadata.google.internal',
    'intranet',
    'mail.intranet',
    'db.private',
    'site.test',
    'a.example',
  ],
  ...['a.invalid', 'abcdef.onion', 'name.alt', '1.0.0.127.in-addr.arpa', 'ip6.arpa', 'redis', 'db'],
  ...[
    'ｌｏｃａｌｈｏｓｔ',
    'ⓛocalhost',
    'a.ｌｏｃａｌ',
    'local',
    'mastodon.social.',
    'a.internal.',
  ],
];
const NONSENSE = [
  ...[
    '',
    ' ',
    '.',
    '..',
    '-',
    '@',
    '/',
    'a b.org',
    'http://',
    'https:///x',
    'ftp://mastodon.social',
  ],
  ...['javascript:alert(1)', 'file:///etc/passwd', 'mastodon.social/../x', 'mastodon.social/path'],
  ...[
    'mastodon.social:443',
    'mastodon.social:22',
    'u:p@mastodon.social',
    'mastodon.social?x',
    'a%00.org',
  ],
  ...[
    'mastodon.social\r\nhost: x',
    '[mastodon.social]',
    '[::1',
    '::1]',
    'a..org',
    'http://[::]:80',
  ],
];

describe('what supporters may not name', () => {
  const all = [
    ...IPV4.flatMap(spellings),
    ...IPV6.flatMap(bracketed),
    ...NAMES,
    ...NONSENSE,
    ...['127.0.0.1:4001', '127.0.0.1', 'corp.example', 'evil.Social.Corp.Example'],
  ];

  it('is of many hundred spellings, all refused', () => {
    const distinct = new Set(all);
    expect(distinct.size).toBeGreaterThan(1_000);
    const taken = [...distinct].filter((name) => {
      try {
        guard.origin(name);
        return true;
      } catch (error) {
        return !(error instanceof LocatorRejected);
      }
    });
    expect(taken).toEqual([]);
  });

  it('is called what it is', () => {
    const problemOf = (name: string): string => {
      try {
        return guard.origin(name);
      } catch (error) {
        return (error as LocatorRejected).problem;
      }
    };
    for (const name of [
      '127.0.0.1',
      '0x7f.1',
      '2130706433',
      '[::1]',
      'localhost',
      '１２７.0.0.1',
    ]) {
      expect(problemOf(name), name).toBe('private');
    }
    // B11 a person's name, or the beginning of an address.
    for (const name of ['me', 'example', 'x']) expect(problemOf(name), name).toBe('malformed');
    for (const name of ['', 'a b', 'u@mastodon.social', 'mastodon.social:22', 'x/y']) {
      expect(problemOf(name), name).toBe('malformed');
    }
  });
});

/** Servers that are, or were, well known; with names of every shape. */
const INSTANCES = [
  ...[
    'mastodon.social',
    'mastodon.online',
    'mstdn.social',
    'mastodon.world',
    'mas.to',
    'infosec.exchange',
  ],
  ...[
    'hachyderm.io',
    'fosstodon.org',
    'mstdn.jp',
    'pawoo.net',
    'troet.cafe',
    'chaos.social',
    'norden.social',
  ],
  ...[
    'social.vivaldi.net',
    'mastodon.art',
    'mastodon.nl',
    'piaille.fr',
    'mamot.fr',
    'framapiaf.org',
  ],
  ...[
    'social.coop',
    'scholar.social',
    'aus.social',
    'mastodon.nz',
    'mastodon.ie',
    'mastodonapp.uk',
  ],
  ...[
    'toot.community',
    'universeodon.com',
    'sfba.social',
    'techhub.social',
    'defcon.social',
    'ioc.exchange',
  ],
  ...[
    'kolektiva.social',
    'todon.eu',
    'ruby.social',
    'indieweb.social',
    'qoto.org',
    'fediscience.org',
  ],
  ...[
    'mastodon.scot',
    'toot.wales',
    'tkz.one',
    'masto.es',
    'masto.pt',
    'mastodon.uno',
    'livellosegreto.it',
  ],
  ...[
    'social.tchncs.de',
    'det.social',
    'bonn.social',
    'muenchen.social',
    'wien.rocks',
    'swiss.social',
  ],
  ...[
    'mastodon.se',
    'snabelen.no',
    'helvede.net',
    'mastodon.com.pl',
    'pol.social',
    'mastodon.bida.im',
  ],
  ...[
    'g0v.social',
    'mastodon.cloud',
    'c.im',
    'mastodon.sdf.org',
    'botsin.space',
    'tech.lgbt',
    'lor.sh',
  ],
  ...['ec.social-network.europa.eu', 'social.bund.de', 'social.network.europa.eu', 'zug.network'],
  ...[
    'xn--80ak6aa92e.com',
    'bücher.social',
    '8bit.social',
    '1984.is',
    'a-b.c-d.social',
    'x.y.z.social',
  ],
];

describe('what they may', () => {
  it('is every server with a name of the public tree', () => {
    expect(new Set(INSTANCES).size).toBeGreaterThanOrEqual(60);
    for (const name of INSTANCES) {
      const origin = `https://${new URL(`https://${name}`).hostname}`;
      for (const typed of [
        name,
        name.toUpperCase(),
        ` ${name}\n`,
        `https://${name}/`,
        `http://${name}`,
      ]) {
        expect(guard.origin(typed), typed).toBe(origin);
      }
    }
  });

  it('is what the operator has named as theirs, to the port', () => {
    expect(guard.origin('127.0.0.1:4000')).toBe('http://127.0.0.1:4000');
    expect(guard.origin('http://social.corp.example/')).toBe('https://social.corp.example');
    expect(guard.isOurs('SOCIAL.corp.example')).toBe(true);
    expect(guard.isOurs('127.0.0.1')).toBe(false);
  });

  it('is reached by https without a port, and in clear with one', () => {
    const ours = createGuard(['social.lan', 'xn--bcher-kva.lan:80', '[::1]:4000']);
    expect(ours.origin('Social.LAN')).toBe('https://social.lan');
    expect(ours.isOurOrigin('https://social.lan')).toBe(true);
    expect(ours.isOurOrigin('http://social.lan')).toBe(false);
    for (const typed of ['bücher.lan', 'BÜCHER.lan:80', 'http://xn--bcher-kva.lan/']) {
      const origin = ours.origin(typed);
      expect([typed, origin]).toEqual([typed, 'http://xn--bcher-kva.lan']);
      expect(ours.isOurs(new URL(origin).host)).toBe(true);
      expect(ours.origin(origin)).toBe(origin);
    }
    expect(ours.origin('[0:0::1]:4000')).toBe('http://[::1]:4000');
  });

  it('is never asked in clear where it is reached by https', async () => {
    const ours = createGuard(['social.lan']);
    const http = createHttpClient({ timeoutMs: 5_000, guard: ours });
    atEnd(() => http.dispose());
    const asked = http.request({ method: 'GET', url: 'http://social.lan/oauth/token' });
    await expect(asked).rejects.toThrow('not https');
  });
});

describe('which addresses are public', () => {
  it('are those that are in no special range, however they are written', () => {
    for (const address of [...IPV4, ...IPV6, 'x', '', '::ffff:127.0.0.1%eth0', 'fe80::1%2']) {
      expect(isPublicAddress(address), address).toBe(false);
    }
    const open = ['1.1.1.1', '8.8.8.8', '172.15.0.1', '172.32.0.1', '192.167.1.1', '100.63.0.1'];
    for (const address of [...open, '2606:4700::1111', '2a00:1450::1', '::ffff:8.8.8.8']) {
      expect(isPublicAddress(address), address).toBe(true);
    }
    for (const url of [
      'http://localhost:1',
      'http://127.3.2.1',
      'http://[::1]:2',
      'http://0x7f.1',
    ]) {
      expect(isLoopback(url), url).toBe(true);
    }
    expect(isLoopback('http://10.0.0.1')).toBe(false);
  });
});

describe('a name that leads into a private network', () => {
  /** A server that counts its connections, and its port. */
  async function witness(): Promise<{ port: number; visits: () => number }> {
    let visits = 0;
    const server = createServer((socket) => {
      visits++;
      socket.destroy();
    });
    await new Promise<void>((resolve) => {
      server.listen(0, 'localhost', resolve);
    });
    atEnd(() => new Promise((resolve) => server.close(resolve)));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('The server has no port');
    return { port: address.port, visits: () => visits };
  }

  const look = (name: string, all: boolean, of = guard): Promise<unknown> =>
    new Promise((resolve) => {
      of.lookup(name, { all }, (error, found) => resolve(error ?? found));
    });

  it('is refused when it is looked up, whether all addresses are wanted or one', async () => {
    for (const all of [true, false]) {
      expect(await look('localhost', all)).toMatchObject({
        code: 'PRIVATE_ADDRESS',
        problem: 'private',
      });
    }
    const ours = createGuard(['localhost:4000']);
    expect(await look('localhost', false, ours)).toMatch(/^(127\.0\.0\.1|::1)$/);
  });

  it('is a name to the system’s own resolver, so that this was no accident', async () => {
    const found = await new Promise((resolve) =>
      lookup('localhost', (_error, address) => resolve(address)),
    );
    expect(found).toMatch(/^(127\.|::1)/);
  });

  it('is refused when a connection is opened: by a question, and by a post', async () => {
    const { port, visits } = await witness();
    // As if it were a name of the public tree: only what it is looked up as stands in the way.
    const trusting = { ...guard, isOurs: () => true, isOurOrigin: () => true };
    const http = createHttpClient({ timeoutMs: 5_000, guard: trusting });
    const url = `http://localhost:${port}/`;
    atEnd(() => http.dispose());
    await expect(http.request({ method: 'GET', url })).rejects.toMatchObject({
      problem: 'private',
    });
    await expect(http.fetch(url)).rejects.toMatchObject({ problem: 'private' });
    const sender = createSender({
      ...{ origin: `http://localhost:${port}`, probePath: '/', timeoutMs: 5_000, connections: 2 },
      ...{ crash: createCrash(''), lookup: guard.lookup },
    });
    atEnd(() => sender.dispose());
    const post = await sender.send({ method: 'POST', path: '/', headers: [], body: null });
    expect(post).toEqual({ kind: 'no_answer', left: false, code: 'PRIVATE_ADDRESS' });
    expect(await sender.openConnections(2)).toBeNull();
    expect(visits()).toBe(0);
  });

  it('is refused as a literal, which nobody looks up', async () => {
    const { port, visits } = await witness();
    const http = createHttpClient({ timeoutMs: 5_000, guard });
    atEnd(() => http.dispose());
    const hosts = [
      '127.0.0.1',
      '[::1]',
      'localhost',
      '0x7f.1',
      '2130706433',
      '[::ffff:127.0.0.1]',
      '0',
    ];
    for (const host of hosts) {
      for (const scheme of ['http', 'https']) {
        const asked = http.request({ method: 'GET', url: `${scheme}://${host}:${port}/` });
        await expect(asked, `${scheme} ${host}`).rejects.toBeInstanceOf(LocatorRejected);
      }
    }
    expect(visits()).toBe(0);
  });
});
