import { readFile } from 'node:fs/promises';
import { beforeAll, expect, it } from 'vitest';
import { PROGRAMS } from '../../src/build/build.mjs';
import { migrateAt } from '../../src/store/connection/database.ts';
import { badCampaigns } from '../support/bad-campaigns.ts';
import { needs, testDatabase } from '../support/database.ts';
import { tempFolder } from '../support/temp.ts';
import { type Command, campaignFile, processIn } from './command.ts';

needs('postgres')('a command as a process', () => {
  let command: Command;
  beforeAll(async () => {
    const { url } = await testDatabase(migrateAt);
    command = processIn({ DATABASE_URL: url, DATA_DIR: await tempFolder('data') });
  });

  it('ends with 0 when it has done what was asked, and says nothing else', async () => {
    const said = await command('keys', 'create', 'somebody', '--json');
    expect(said).toMatchObject({ code: 0, stderr: '' });
    expect(said.stdout.trim().split('\n')).toHaveLength(1);
    expect(JSON.parse(said.stdout)).toMatchObject({ name: 'somebody' });
  });

  it('ends with 1 when the answer is no', async () => {
    const [bad] = badCampaigns;
    const file = await campaignFile(bad?.document);
    const said = await command('campaign', 'create', file, '--json');
    expect(said).toMatchObject({ code: 1, stdout: '' });
    expect(said.stderr.trim().split('\n')).toHaveLength(1);
    expect(JSON.parse(said.stderr).errors).toMatchObject([{ field: bad?.field }]);
  });

  it('ends with 2 when it was not called as it wants to be', async () => {
    const said = await command('keys', 'create', 'somebody', '--colour', 'red');
    expect(said).toMatchObject({ code: 2, stdout: '' });
    expect(said.stderr).toMatch(/'--colour'/);
  });

  it('ends with 78 when the configuration is wrong', async () => {
    const DATA_DIR = await tempFolder('data');
    const said = await processIn({ DATA_DIR, X_API_URL: 'nowhere' })('config', 'check');
    expect(said).toMatchObject({ code: 78, stdout: '' });
    expect(said.stderr).toMatch(/^X_API_URL: .*\n$/);
  });

  it('is what npm run tocsin starts', async () => {
    const { scripts } = JSON.parse(await readFile('package.json', 'utf8'));
    expect(scripts.tocsin).toBe('exec node src/build/run.mjs tocsin');
    expect(PROGRAMS.tocsin).toBe('src/cli/main.ts');
  });
});
