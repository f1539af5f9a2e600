/** What came of assisted mode, for operators. */
export interface AssistedFiguresView {
  posts: number;
  /** By state; null where the campaign takes no addresses. */
  reminders: Readonly<
    Record<'asked' | 'unconfirmed' | 'confirmed' | 'sent' | 'failed' | 'dropped', number>
  > | null;
  lateness: { p50: number; p99: number; max: number; first: number } | null;
}
