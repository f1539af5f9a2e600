import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
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
      volumes: string[];
      ports?: string[];
      networks: string[];
      environment?: Record<string, string>;
    }
  >;
  volumes: Record<string, unknown>;
  networks: Record<string, unknown>;
}

const compose = parse(text('docker-compose.yml')) as Compose;

it('gives every service a health check, a pinned tag and declared volumes and networks', () => {
  expect(Object.keys(compose.services)).toEqual(['tocsin', 'postgres', 'valkey']);
  for (const service of Object.values(compose.services)) {
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

it('sets no variable that the product does not read', () => {
  const known = text('config/env.ts');
  for (const name of Object.keys(compose.services.tocsin?.environment ?? {})) {
    expect(known, name).toMatch(new RegExp(`^ {2}${name}: Type`, 'm'));
  }
});

it('ships what is built and what npm installed, without what only builds, plays or tries', () => {
  const [building = '', shipped = ''] = text('Dockerfile')
    .split(/^FROM .*$/m)
    .slice(1);
  const copied = [...shipped.matchAll(/^COPY (?:--from=build )?(\S+)/gm)].map(([, path]) => path);
  expect(copied).toEqual(['/app/node_modules', '/app/dist', 'package.json']);
  expect(building).toContain('npm ci --omit=dev');
  expect(building).toContain('npm run build && rm dist/demo.js');
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
