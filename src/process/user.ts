import { userInfo } from 'node:os';

/** This process's user. In a container it may have a number and no name; the number then stands for it. */
export function currentUser(): { uid: number; name: string } {
  const uid = process.getuid?.() ?? -1;
  try {
    return { uid, name: userInfo().username };
  } catch {
    return { uid, name: String(uid) };
  }
}
