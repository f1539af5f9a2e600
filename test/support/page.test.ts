import { expect, it } from 'vitest';
import { withSection } from './page.ts';

it('a section of a page is replaced where it stands', () => {
  const page = withSection(withSection('# Page\n', 'fire', 'old'), 'scale', 'large');
  expect(page).toContain('large');
  expect(withSection(page, 'fire', 'new')).toBe(page.replace('old', 'new'));
});
