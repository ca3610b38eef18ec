/** What kind of failure an error is, as reports tell them apart; errors of the front arrive with their names only. */
export type FailureKind = 'assertion' | 'infrastructure' | 'interrupt' | 'error';

const kinds: Readonly<Record<string, FailureKind>> = {
  AssertionFailed: 'assertion',
  PartialFailure: 'assertion',
  AssertionError: 'assertion',
  TransportError: 'infrastructure',
  PartialOutage: 'infrastructure',
  InterruptedError: 'interrupt',
};

export const kindOf = (error: unknown): FailureKind =>
  kinds[(error as Error | undefined)?.name ?? ''] ?? 'error';
