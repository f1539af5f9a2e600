import { runTocsin } from './tocsin.ts';

/** `npm run tocsin -- CMD`. */
process.exitCode = await runTocsin(process.argv.slice(2));
