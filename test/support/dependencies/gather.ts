import { type Fact, type Facts, noFacts, type Weight } from './facts.ts';
import { FOLDERS, isForProduction, type Line, othersOf } from './lines.ts';
import { broughtBy, broughtOnlyBy, type Lock } from './lock.ts';
import { weigh } from './measure.ts';
import { askRegistry } from './registry.ts';
import type { Survey } from './survey.ts';

/**
 * Weighs what is installed and asks the registry about every line, one after the other. What is not installed keeps the weight that it
 * had. @throws what the registry's client says.
 */
export async function gatherFacts(
  { lines, locks, facts: earlier }: Pick<Survey, 'lines' | 'locks' | 'facts'>,
  today: Date,
): Promise<Facts> {
  const facts = noFacts();
  facts.asked = today.toISOString().slice(0, 10);
  facts.system = `${process.platform} ${process.arch}`;
  const names = lines.filter(isForProduction).map(({ name }) => name);
  setWeight(facts, 'production', weigh('', broughtBy(locks[''], names)));
  for (const folder of FOLDERS) {
    const whole = weigh(folder, locks[folder].keys()) ?? earlier.folders[folder]?.whole;
    setWeight(facts.folders[folder], 'whole', whole);
  }
  for (const line of lines) {
    const fact: Fact = await askRegistry(line);
    setWeight(fact, 'weight', weightOf(line, lines, locks[line.folder]));
    facts.folders[line.folder].lines[line.name] = fact;
  }
  return facts;
}

function weightOf(line: Line, lines: readonly Line[], lock: Lock): Weight | undefined {
  return weigh(line.folder, broughtOnlyBy(lock, line.name, othersOf(line, lines)));
}

function setWeight<K extends string>(
  into: Partial<Record<K, Weight>>,
  key: K,
  weight: Weight | undefined,
): void {
  if (weight) into[key] = weight;
}
