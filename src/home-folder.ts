import { homedir } from 'node:os';

/** This user's home folder. Who has a number and no more has none: / stands for it, as container engines have it. */
export function homeFolder(): string {
  try {
    return homedir();
  } catch {
    return '/';
  }
}
