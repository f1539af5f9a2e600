// Runs before each test file. Modules are shared by the files that one worker runs, so this is where what belongs to a file ends.
import { afterAll } from 'vitest';
import { endFile } from './at-end.ts';

afterAll(endFile);
