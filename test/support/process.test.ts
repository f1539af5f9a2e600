import { describe, expect, it } from 'vitest';
import { atEnd } from './at-end.ts';
import { startChild } from './child.ts';
import { startProcess } from './process.ts';

const forever = 'setInterval(() => undefined, 1000);';

describe('startProcess', () => {
  it('finds a line said before and a line said after it was asked for', async () => {
    const child = await startProcess({
      args: ['-e', 'console.log("ready at 1"); setTimeout(() => console.error("done: 2"), 50)'],
    });
    expect((await child.line(/^ready at (\d)$/))[1]).toBe('1');
    expect((await child.line(/^done: (\d)$/))[1]).toBe('2');
    expect(await child.exit).toEqual({ code: 0, signal: null });
    expect(child.stdout()).toBe('ready at 1\n');
    expect(child.output()).toContain('done: 2');
  });

  it('fails a wait for a line that never comes, and shows what was said', async () => {
    const child = await startProcess({ args: ['-e', 'console.log("no"); process.exitCode = 3'] });
    await expect(child.line(/yes/)).rejects.toThrow(/ended without saying.*no/s);
    expect(await child.exit).toEqual({ code: 3, signal: null });
    const mute = await startProcess({ args: ['-e', forever] });
    await expect(mute.line(/yes/, { timeoutMs: 50 })).rejects.toThrow(/did not say/);
  });

  it('hands down nothing of our environment but what a program needs to run', async () => {
    process.env.DATABASE_URL = 'postgres://leaked';
    atEnd(() => delete process.env.DATABASE_URL);
    const child = await startProcess({
      args: ['-e', 'console.log(JSON.stringify(process.env))'],
      env: { PORT: '0' },
    });
    await child.exit;
    const names = Object.keys(JSON.parse(child.stdout()));
    expect(names).toContain('PORT');
    expect(names).not.toContain('DATABASE_URL');
    expect(names).not.toContain('VITEST');
  });

  it('stops by SIGTERM, and by SIGKILL what does not listen', async () => {
    const tidy = await startProcess({
      args: ['-e', `process.on('SIGTERM', () => process.exit(0)); console.log('up'); ${forever}`],
    });
    await tidy.line(/up/);
    expect(await tidy.stop()).toEqual({ code: 0, signal: null });
    const deaf = await startProcess({
      args: ['-e', `process.on('SIGTERM', () => undefined); console.log('up'); ${forever}`],
    });
    await deaf.line(/up/);
    await expect(deaf.stop('SIGTERM', { timeoutMs: 100 })).rejects.toThrow(/did not end within/);
  });

  it('runs a TypeScript file of the repository', async () => {
    const child = await startProcess({
      args: ['test/support/fixtures/hello.ts', 'Grozny'],
      cwd: '/',
    });
    await child.line(/^hello Grozny$/);
    expect(await child.exit).toEqual({ code: 0, signal: null });
  });
});

describe('sweep', () => {
  it.runIf(process.platform === 'linux')(
    'finds and ends a process that outlived its parent',
    async () => {
      const orphan = `require('child_process').spawn(process.execPath, ['-e', '${forever}'], { detached: true, stdio: 'ignore' })`;
      const parent = await startChild({
        args: ['-e', `const o = ${orphan}; console.log(o.pid); o.unref(); process.exit(0)`],
      });
      const pid = Number((await parent.line(/^(\d+)$/))[1]);
      await parent.exit;
      expect(await parent.sweep()).toEqual([pid]);
      expect(await parent.sweep()).toEqual([]);
    },
  );

  it('ends a process that is still running, which is no fault', async () => {
    const child = await startChild({ args: ['-e', forever] });
    expect(await child.sweep()).toEqual([]);
    expect(await child.exit).toEqual({ code: null, signal: 'SIGKILL' });
  });
});
