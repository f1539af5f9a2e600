import { validateCampaign } from '../../src/domain/campaign-input.ts';
import { xTextRule } from '../../src/platforms/x/text-rule.ts';
import { problemsOf } from './problems.ts';

export const NOW = new Date('2026-11-21T00:00:00Z');

/** The optional fields of the example, in order. */
export const more = {
  addressee: { en: ' To the river board ', 'pt-br': 'À junta do rio' },
  letter: { en: 'Dear board,\r\n\nplease.', 'pt-BR': 'Por favor.' },
  picture: { alt: { en: 'A river at dawn', 'pt-BR': 'Um rio ao amanhecer' }, credit: ' Ana ' },
  sources: [{ title: 'The survey', url: 'https://example.org/survey' }],
  donation: 'https://example.org/give',
  variants: {
    en: ['Hear it. {{ link }}', '{% if name %}{{ name }} listens{% else %}I listen{% endif %}.'],
    'pt-BR': ['Ouça. {{ link }}'],
  },
  own_words: true,
};

/** A campaign in order, to be spoiled in one place. */
export const example = {
  slug: 'quiet-rivers',
  title: { en: 'Quiet rivers', 'pt-BR': 'Rios calmos' },
  story: { en: '## Why\n\nBecause.', 'pt-BR': 'Porque *sim*.' },
  organiser: { name: 'River people', url: 'https://example.org' },
  partners: [{ name: 'Fish' }, { name: 'Reeds', url: 'https://example.net/reeds' }],
  link: 'https://example.org/rivers',
  goal: 100,
  hashtags: ['#QuietRivers', 'rios_2027'],
  locales: ['en', 'pt-br'],
  messages: {
    en: 'Listen. {{ hashtags }} {{ link }}',
    'pt-BR': 'Escute. {{ hashtags }} {{ link }}',
  },
  moment: { at: '2027-06-01T12:00', zone: 'America/Sao_Paulo' },
};

export function validate(changes: Record<string, unknown> = {}) {
  return validateCampaign({ ...example, ...changes }, [xTextRule], NOW);
}

/** What is wrong with the example after these changes. */
export function spoiled(changes: Record<string, unknown>): string[] {
  return problemsOf(() => validate(changes));
}
