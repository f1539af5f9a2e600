import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { readEnvironment } from '../../config/env.ts';
import { PROGRAMS } from '../../src/build/build.mjs';
import { repository } from './child.ts';

// No engine builds or runs these here; what can be held without one is held.

const text = (path: string) => readFileSync(join(repository, path), 'utf8');

interface Compose {
  services: Record<
    string,
    {
      image: string;
      healthcheck?: { test: string[] };
      command?: string[];
      profiles?: string[];
      volumes: string[];
      ports?: string[];
      networks: string[];
      environment?: Record<string, string>;
    }
  >;
  volumes: Record<string, unknown>;
  networks: Record<string, unknown>;
}

const compose = parse(text('docker-compose.yml'), { merge: true }) as Compose;
/** What serves, and not what only works. */
const { worker, ...serving } = compose.services;

it('gives every service a health check, a pinned tag and declared volumes and networks', () => {
  expect(Object.keys(serving)).toEqual(['tocsin', 'postgres', 'valkey']);
  for (const service of Object.values(serving)) {
    expect(service.healthcheck?.test[0]).toBe('CMD');
    expect(service.image).toMatch(/^[\w./-]+:\d[\w.-]*$/);
    for (const volume of service.volumes) {
      expect(Object.keys(compose.volumes)).toContain(volume.split(':')[0]);
    }
    for (const network of service.networks) {
      expect(Object.keys(compose.networks)).toContain(network);
    }
  }
});

it('publishes the instance alone, and on this machine alone', () => {
  const { tocsin, ...others } = compose.services;
  expect(tocsin?.ports?.every((port) => port.startsWith('127.0.0.1:'))).toBe(true);
  expect(Object.values(others).flatMap((service) => service.ports ?? [])).toEqual([]);
});

it('A12 hands over every variable that the product reads, but those that the image fixes', () => {
  const fixed = ['HOST', 'PORT', 'DATA_DIR', 'CRASH_AT'];
  const read = Object.keys(readEnvironment({})).filter((name) => !fixed.includes(name));
  const environment = compose.services.tocsin?.environment ?? {};
  expect(Object.keys(environment).sort()).toEqual(read.sort());
  // Each comes from the variable of the same name, and from nowhere else.
  for (const [name, value] of Object.entries(environment)) {
    expect(value, name).toMatch(new RegExp(`^\\$\\{${name}:-.*\\}$`));
  }
  const image = text('Dockerfile');
  for (const name of ['HOST', 'PORT', 'DATA_DIR']) expect(image).toMatch(new RegExp(`${name}=`));
});

it('E14 has a worker that shares all that the instance has, and is not started unasked', () => {
  const { tocsin } = compose.services;
  expect(worker).toMatchObject({ image: tocsin?.image, profiles: ['workers'], ports: [] });
  expect(worker?.environment).toEqual(tocsin?.environment);
  expect(worker?.volumes).toEqual(tocsin?.volumes);
  expect(worker?.networks).toEqual(tocsin?.networks);
  expect(worker?.command).toEqual(['node', 'dist/worker.js']);
  expect(Object.keys(PROGRAMS)).toContain('worker');
});

it('ships what is built and what npm installed, without what only builds, plays or tries', () => {
  const [building = '', shipped = ''] = text('Dockerfile')
    .split(/^FROM .*$/m)
    .slice(1);
  const copied = [...shipped.matchAll(/^COPY (?:--from=build )?(\S+)/gm)].map(([, path]) => path);
  expect(copied).toEqual(['/app/node_modules', '/app/dist', 'package.json']);
  expect(building).toContain('npm ci --omit=dev');
  expect(building).toContain('npm run build && rm dist/demo.js dist/simulator.js');
  for (const name of ['esbuild', 'typescript', "'*.ts'"]) expect(building).toContain(name);
  expect(shipped).toMatch(/^CMD \["node", "dist\/main\.js"\]$/m);
  expect(Object.keys(PROGRAMS)).toContain('main');
});

it('copies into the image only what exists and what the builder is given', () => {
  const copied = [...text('Dockerfile').matchAll(/^COPY (?!--)(.+) \S+$/gm)]
    .flatMap((match) => (match[1] ?? '').split(' '))
    .sort();
  const given = [...text('.dockerignore').matchAll(/^!(.+)$/gm)].map((match) => match[1]).sort();
  expect([...new Set(copied)]).toEqual(given);
  for (const path of copied) expect(existsSync(join(repository, path)), path).toBe(true);
});
