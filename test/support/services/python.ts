import { programLadder } from './program-ladder.ts';
import { findProgram } from './programs.ts';

/** The ways to a Python 3, which verifies an exported ledger by the program in docs/ledger.md. */
export const python = programLadder('Python', 'PYTHON_PATH', ['python3'], () =>
  findProgram(['python3']),
);
