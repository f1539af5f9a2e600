import { describe, expect, it } from 'vitest';
import { startProcess } from '../../support/process.ts';
import { rawNetwork } from './support.ts';

const POSTS = 200;

interface Told {
  asked: number;
  taken: string[];
  went: string[];
}

describe('a rehearsal', () => {
  it('posts as often as it is told to a server of its own, touches nobody else, and leaves nothing open', async () => {
    let touched = 0;
    const configured = await rawNetwork((socket) => {
      touched += 1;
      socket.destroy();
    });
    const child = await startProcess({
      args: ['test/platforms/fixtures/rehearse.ts', configured, String(POSTS)],
    });
    // Nobody ends it: a socket, a server or a timer that were left would keep it.
    expect(await child.exit, child.output()).toEqual({ code: 0, signal: null });
    const { asked, taken, went }: Told = JSON.parse(child.stdout());
    expect(asked).toBe(POSTS);
    expect(taken).toHaveLength(1);
    expect(taken[0]).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(new Set(went)).toEqual(new Set(taken));
    // Its connections serve again and again, so its answers were taken for whole ones.
    expect(went.length).toBeLessThan(POSTS / 2);
    expect(touched).toBe(0);
  });
});
