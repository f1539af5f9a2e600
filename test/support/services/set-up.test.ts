import { describe, expect, it } from 'vitest';
import type { Ladder, Running } from './service.ts';
import { setUp } from './set-up.ts';

/** A service that is on the rungs named, and notes what becomes of it. */
function fake(name: string, rungs: Partial<Record<'given' | 'installed' | 'docker', string>>) {
  const stopped: string[] = [];
  const at = (url: string | undefined): Running | null =>
    url === undefined ? null : { url, stop: async () => void stopped.push(url) };
  const ladder: Ladder = {
    name,
    variable: `TEST_${name.toUpperCase()}`,
    packages: [name.toLowerCase()],
    given: async () => at(rungs.given),
    installed: async () => at(rungs.installed),
    docker: async () => at(rungs.docker),
  };
  return { ladder, rungs, stopped };
}

describe('setUp', () => {
  it('takes what is named, else this machine’s, else Docker’s, and stops it last first', async () => {
    const one = fake('One', { given: 'given:1', installed: 'here:1' });
    const two = fake('Two', { installed: 'here:2', docker: 'docker:2' });
    const three = fake('Three', { docker: 'docker:3' });
    const said: string[] = [];
    const ladders = [one.ladder, two.ladder, three.ladder];
    const run = await setUp({ say: (line) => said.push(line), ladders, install: null });
    expect(run.environment).toEqual({
      TEST_ONE: 'given:1',
      TEST_TWO: 'here:2',
      TEST_THREE: 'docker:3',
    });
    expect(run.leftOut).toEqual([]);
    expect(said).toHaveLength(3);
    await run.stop();
    expect([one.stopped, two.stopped, three.stopped]).toEqual([
      ['given:1'],
      ['here:2'],
      ['docker:3'],
    ]);
  });

  it('leaves out by name, with the reason, what cannot be had', async () => {
    const run = await setUp({
      say: () => undefined,
      ladders: [fake('One', {}).ladder],
      install: null,
    });
    expect(run.environment).toEqual({});
    expect(run.leftOut).toEqual([
      'One (no program on this machine; no Docker that could run it; installing it needs root on Debian)',
    ]);
  });

  it('installs all that is missing in one go, saying so', async () => {
    const [one, two, three] = [
      fake('One', {}),
      fake('Two', { installed: 'here' }),
      fake('Three', {}),
    ];
    const asked: string[][] = [];
    const said: string[] = [];
    const run = await setUp({
      say: (line) => said.push(line),
      ladders: [one.ladder, two.ladder, three.ladder],
      install: async (packages) => {
        asked.push(packages);
        one.rungs.installed = 'fresh';
        return null;
      },
    });
    expect(asked).toEqual([['one', 'three']]);
    expect(said.join('\n')).toMatch(/Missing: one, three\. Installing with apt-get/);
    expect(run.environment).toEqual({ TEST_ONE: 'fresh', TEST_TWO: 'here' });
    expect(run.leftOut).toHaveLength(1);
    expect(run.leftOut[0]).toMatch(/^Three .*after apt-get: no program/);
  });

  it('says what apt-get said when it failed', async () => {
    const run = await setUp({
      say: () => undefined,
      ladders: [fake('One', {}).ladder],
      install: async () => 'Reading lists...\nE: Unable to locate package one\n',
    });
    expect(run.leftOut[0]).toMatch(/apt-get failed: E: Unable to locate package one\)$/);
  });

  it('is an error, with everything stopped, when what the caller named does not answer', async () => {
    const one = fake('One', { installed: 'here' });
    const two = fake('Two', {});
    two.ladder.given = () => Promise.reject(new Error('nobody answers'));
    const ladders = [one.ladder, two.ladder];
    await expect(setUp({ say: () => undefined, ladders, install: null })).rejects.toThrow(
      'TEST_TWO: nobody answers',
    );
    expect(one.stopped).toEqual(['here']);
  });
});
